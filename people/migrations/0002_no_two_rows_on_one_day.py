from django.db import migrations

from people.constraints import hold, release, sort_by_bytes

NAMES = ("one_primary_membership_a_day", "one_unit_version_a_day")


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RunPython(hold(*NAMES), release(*NAMES)),
        migrations.RunPython(sort_by_bytes, migrations.RunPython.noop),
    ]
