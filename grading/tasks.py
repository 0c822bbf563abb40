"""The doors from the broker. The lease, not the broker, says who may write."""

from uuid import UUID

from celery import shared_task

from grading import health, services, wall, work


@shared_task(name="grading.grade", ignore_result=True, acks_late=True, reject_on_worker_lost=True)
def grade(submission_id: str) -> None:
    """Grade a waiting submission; a ring for one that no longer waits is a normal thing to hear."""
    if wall.problem():
        return  # it waits; the page says why, and the sweeper rings again
    if lease := services.claim(submission_id=UUID(submission_id)):
        work.grade_under(lease=lease)


@shared_task(name="grading.run_code", ignore_result=True, acks_late=False, expires=30)
def run_code(run_id: str, student_id: int, runtime: str, source: str) -> None:
    """Run a lesson's code and tell its student; one that waited too long is dropped."""
    work.run_lesson_code(run_id=UUID(run_id), student_id=student_id, runtime=runtime, source=source)


@shared_task(name="grading.sweep", ignore_result=True, acks_late=False)
def sweep() -> None:
    """Mend what a lost bell or a dead worker left, and say how this worker is."""
    health.report(problem=wall.problem())
    services.sweep()
