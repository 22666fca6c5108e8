"""What Wagtail's own migrations named in English, where nobody has renamed it since."""

from django.db import migrations

GROUPS = {"Moderators": "Người duyệt", "Editors": "Người biên tập"}
APPROVAL = {"Moderators approval": "Duyệt nội dung"}
ROOT = {"Root": "Gốc"}


def rename(apps, schema_editor):
    _rename(apps, lambda names: names)


def rename_back(apps, schema_editor):
    _rename(apps, lambda names: {new: old for old, new in names.items()})


def _rename(apps, direction):
    for model, field, names in [
        (apps.get_model("auth", "Group"), "name", GROUPS),
        (apps.get_model("wagtailcore", "Workflow"), "name", APPROVAL),
        (apps.get_model("wagtailcore", "Task"), "name", APPROVAL),
        (apps.get_model("wagtailcore", "Collection"), "name", ROOT),
    ]:
        for old, new in direction(names).items():
            model.objects.filter(**{field: old}).update(**{field: new})
    page = apps.get_model("wagtailcore", "Page")
    for old, new in direction(ROOT).items():
        page.objects.filter(depth=1, title=old).update(title=new, draft_title=new)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("wagtailcore", "0098_apitoken"),
        # These give rights to the groups by their English names: afterwards, not before.
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("cms_pages", "0002_lesson_bases_and_waiting_questions"),
    ]

    operations = [migrations.RunPython(rename, rename_back)]
