"""The trusted side: runs the author's grader, talks to the student's process, decides.

`grade.py` is the door; `author.py` is what the author of an exercise writes against.
"""
