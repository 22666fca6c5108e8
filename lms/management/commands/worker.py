import socket
import threading
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from lms.housekeeping import Housekeeper
from lms.reaper import take_back_from


class Command(BaseCommand):
    help = "Runs background tasks and the periodic chores, until it is stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        worker_id = f"worker-{socket.gethostname()}"[:64]
        take_back_from(worker_id)
        stopping = threading.Event()
        chores = threading.Thread(target=Housekeeper(stopping).run, name="housekeeper", daemon=True)
        chores.start()
        try:
            call_command("db_worker", worker_id=worker_id, interval=1, reload=False, verbosity=0)
        finally:
            stopping.set()
