"""What hypothesis makes up against the frames, the judge and the life of a submission.

A few examples run in every lane, many more in the lane of PostgreSQL, and as many as there are minutes for
with `./dev test fuzz --minutes 60`. What fails is printed with the decorator that brings it again.
"""
