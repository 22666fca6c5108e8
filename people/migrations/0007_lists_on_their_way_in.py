import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_corrections_keep_what_they_changed"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="danh sách tính đến ngày")),
                (
                    "is_partial",
                    models.BooleanField(default=False, verbose_name="danh sách một phần"),
                ),
                ("file", models.FileField(blank=True, upload_to="imports/", verbose_name="tệp")),
                ("file_name", models.CharField(max_length=200, verbose_name="tên tệp")),
                ("file_hash", models.CharField(max_length=64)),
                (
                    "beginning",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="The first rows of the file, for choosing its columns.",
                    ),
                ),
                ("layout", models.JSONField(blank=True, default=dict)),
                (
                    "skips_rejected",
                    models.BooleanField(default=False, verbose_name="bỏ qua dòng lỗi"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "Chờ xác nhận cột"),
                            ("checking", "Đang đối chiếu"),
                            ("checked", "Chờ xác nhận"),
                            ("applying", "Đang áp dụng"),
                            ("applied", "Đã áp dụng"),
                            ("undone", "Đã hoàn tác"),
                            ("discarded", "Đã bỏ"),
                        ],
                        default="uploaded",
                        max_length=12,
                        verbose_name="tình trạng",
                    ),
                ),
                ("problem", models.TextField(blank=True, verbose_name="vì sao dừng")),
                (
                    "counts",
                    models.JSONField(
                        blank=True, default=dict, verbose_name="số người theo kết quả"
                    ),
                ),
                (
                    "warnings",
                    models.JSONField(blank=True, default=list, verbose_name="điều cần xem lại"),
                ),
                ("rows_total", models.PositiveIntegerField(default=0)),
                ("rows_done", models.PositiveIntegerField(default=0)),
                (
                    "attempt",
                    models.PositiveIntegerField(
                        default=0,
                        help_text="Of working on it: whoever takes it up again stops whoever had it.",
                    ),
                ),
                (
                    "tries",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Since somebody last decided something: too many, and it is given up.",
                    ),
                ),
                (
                    "worked_at",
                    models.DateTimeField(
                        blank=True, help_text="When a worker last got somewhere with it.", null=True
                    ),
                ),
                (
                    "known_hash",
                    models.CharField(
                        blank=True,
                        help_text="Of what was known when the list was compared: if it has changed, compare again.",
                        max_length=64,
                    ),
                ),
                ("uploaded_at", models.DateTimeField(verbose_name="tải lên lúc")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="xác nhận lúc"),
                ),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="áp dụng lúc"),
                ),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When other rooms had been told whose memberships changed.",
                        null=True,
                    ),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="hoàn tác lúc"),
                ),
                (
                    "undo_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="lý do hoàn tác"),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roster_imports",
                        to="people.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lần nhập danh sách",
                "verbose_name_plural": "các lần nhập danh sách",
                "ordering": ["-uploaded_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="rosterlist",
            name="roster_import",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lists",
                to="people.rosterimport",
                verbose_name="lần nhập danh sách",
            ),
        ),
        migrations.CreateModel(
            name="RosterRejection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=200)),
                ("message", models.TextField()),
                (
                    "cells",
                    models.JSONField(
                        default=list, help_text="The row as the file has it, for correcting."
                    ),
                ),
                (
                    "roster_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rejections",
                        to="people.rosterimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "dòng bị từ chối",
                "verbose_name_plural": "các dòng bị từ chối",
                "ordering": ["roster_import", "row", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField(default=0)),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("new", "Thêm mới"),
                            ("moved", "Chuyển đơn vị"),
                            ("changed", "Thay đổi"),
                            ("unchanged", "Không đổi"),
                            ("left", "Rời đơn vị"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "duplicate_of",
                    models.CharField(
                        blank=True,
                        help_text="Code of somebody who may be the same person.",
                        max_length=40,
                    ),
                ),
                ("is_outside", models.BooleanField(default=False)),
                ("code", models.CharField(max_length=40)),
                ("family_name", models.CharField(blank=True, max_length=60)),
                ("middle_name", models.CharField(blank=True, max_length=100)),
                ("given_name", models.CharField(max_length=60)),
                (
                    "sex",
                    models.CharField(choices=[("male", "Nam"), ("female", "Nữ")], max_length=6),
                ),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("sort_key", models.CharField(max_length=500)),
                ("search_text", models.CharField(max_length=300)),
                ("is_corrected", models.BooleanField(default=False)),
                ("opened_on", models.DateField(blank=True, null=True)),
                ("opened_until", models.DateField(blank=True, null=True)),
                (
                    "opened_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("manager", "Cán bộ quản lý"),
                            ("teacher", "Giáo viên"),
                            ("support", "Nhân viên"),
                            ("carer", "Nhân viên chăm sóc, nuôi dưỡng"),
                            ("officer", "Công chức, cán bộ không chuyên trách"),
                            ("collaborator", "Cộng tác viên"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "opened_position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("principal", "Hiệu trưởng"),
                            ("vice_principal", "Phó hiệu trưởng"),
                            ("team_leader", "Tổ trưởng chuyên môn"),
                            ("teacher", "Giáo viên"),
                            ("young_pioneers_leader", "Tổng phụ trách Đội"),
                            ("health_staff", "Nhân viên y tế"),
                            ("other", "Khác"),
                        ],
                        max_length=30,
                    ),
                ),
                ("opened_title", models.CharField(blank=True, max_length=100)),
                (
                    "opened_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("working", "Đang làm việc"),
                            ("maternity_leave", "Nghỉ thai sản"),
                            ("sick_leave", "Nghỉ ốm dài ngày"),
                            ("study_leave", "Đi học"),
                            ("seconded", "Biệt phái"),
                            ("unpaid_leave", "Nghỉ không lương"),
                        ],
                        max_length=20,
                    ),
                ),
                ("closed_id", models.BigIntegerField(blank=True, null=True)),
                ("closed_from", models.DateField(blank=True, null=True)),
                ("closed_until", models.DateField(blank=True, null=True)),
                (
                    "closed_group",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("manager", "Cán bộ quản lý"),
                            ("teacher", "Giáo viên"),
                            ("support", "Nhân viên"),
                            ("carer", "Nhân viên chăm sóc, nuôi dưỡng"),
                            ("officer", "Công chức, cán bộ không chuyên trách"),
                            ("collaborator", "Cộng tác viên"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "closed_position",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("principal", "Hiệu trưởng"),
                            ("vice_principal", "Phó hiệu trưởng"),
                            ("team_leader", "Tổ trưởng chuyên môn"),
                            ("teacher", "Giáo viên"),
                            ("young_pioneers_leader", "Tổng phụ trách Đội"),
                            ("health_staff", "Nhân viên y tế"),
                            ("other", "Khác"),
                        ],
                        max_length=30,
                    ),
                ),
                ("closed_title", models.CharField(blank=True, max_length=100)),
                (
                    "closed_status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("working", "Đang làm việc"),
                            ("maternity_leave", "Nghỉ thai sản"),
                            ("sick_leave", "Nghỉ ốm dài ngày"),
                            ("study_leave", "Đi học"),
                            ("seconded", "Biệt phái"),
                            ("unpaid_leave", "Nghỉ không lương"),
                        ],
                        max_length=20,
                    ),
                ),
                ("withdrawn_id", models.BigIntegerField(blank=True, null=True)),
                ("before", models.JSONField(blank=True, default=dict)),
                (
                    "closed_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                (
                    "opened_unit",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "roster_import",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="people.rosterimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "thay đổi của một danh sách",
                "verbose_name_plural": "các thay đổi của một danh sách",
                "ordering": ["roster_import", "verdict", "sort_key", "pk"],
                "indexes": [
                    models.Index(
                        fields=["roster_import", "verdict", "sort_key"],
                        name="roster_change_on_screen",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("roster_import", "code"), name="roster_change_of_a_person_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opened_on__isnull", True),
                            ("opened_unit__isnull", False),
                            _connector="OR",
                        ),
                        name="roster_change_opens_in_a_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedUnit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content_hash", models.CharField(max_length=64)),
                ("is_noted", models.BooleanField(default=True)),
                ("people_before", models.PositiveIntegerField(default=0)),
                ("people_after", models.PositiveIntegerField(default=0)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
                (
                    "roster_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="listed_units",
                        to="people.rosterimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị trong một danh sách",
                "verbose_name_plural": "các đơn vị trong một danh sách",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("roster_import", "unit"), name="unit_is_listed_once_an_import"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("signature", models.CharField(max_length=64)),
                ("layout", models.JSONField()),
                ("chosen_at", models.DateTimeField()),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "cách xếp cột",
                "verbose_name_plural": "các cách xếp cột",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("unit"),
                        models.F("signature"),
                        name="layout_is_remembered_once_a_unit",
                    )
                ],
            },
        ),
    ]
