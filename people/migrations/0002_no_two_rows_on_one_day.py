from django.db import migrations

from people.constraints import hold, release


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [migrations.RunPython(hold, release)]
