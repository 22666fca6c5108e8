import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_lists_on_their_way_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="scope",
            name="granted_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Empty: granted without the screen.",
                null=True,
                verbose_name="cấp lúc",
            ),
        ),
        migrations.CreateModel(
            name="ScopeChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_revocation", models.BooleanField(default=False, verbose_name="thu hồi")),
                ("ended_before", models.DateField(null=True, verbose_name="trước đó đến hết ngày")),
                ("ended_on", models.DateField(null=True, verbose_name="đến hết ngày")),
                ("reason", models.CharField(max_length=200, verbose_name="lý do")),
                ("changed_at", models.DateTimeField(verbose_name="lúc")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người thay đổi",
                    ),
                ),
                (
                    "scope",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="people.scope",
                        verbose_name="phạm vi",
                    ),
                ),
            ],
            options={
                "verbose_name": "thay đổi phạm vi",
                "verbose_name_plural": "thay đổi phạm vi",
                "ordering": ["changed_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_revocation", True), _negated=True)
                        | models.Q(("ended_on__isnull", False)),
                        name="scope_revocation_has_its_last_day",
                    )
                ],
            },
        ),
    ]
