"""Tasks of a killed worker, given back to the queue.

`django-tasks-db` leaves a task RUNNING for ever when its worker dies. Every task of ours may run
twice, so that giving one back too early does no harm.
"""

from datetime import datetime, timedelta

from django_tasks_db.models import DBTaskResult

LEASE = timedelta(minutes=15)  # longer than any task of ours takes


def take_back_from(worker_id: str) -> int:
    """Tasks that this worker was running when it died; called when it starts again."""
    running = DBTaskResult.objects.running()
    mine = [task.pk for task in running if task.worker_ids[-1:] == [worker_id]]
    return DBTaskResult.objects.filter(pk__in=mine).update(status="READY", started_at=None)


def take_back_expired(*, at: datetime) -> int:
    """Tasks whose lease ran out, whoever held it."""
    expired = DBTaskResult.objects.running().filter(started_at__lt=at - LEASE)
    return expired.update(status="READY", started_at=None)
