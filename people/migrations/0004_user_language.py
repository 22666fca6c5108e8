from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_audit_entry")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True,
                choices=[("vi", "Tiếng Việt"), ("en", "English")],
                help_text="Để trống khi chưa ai chọn: tiếng Việt.",
                max_length=2,
                verbose_name="ngôn ngữ",
            ),
        ),
    ]
