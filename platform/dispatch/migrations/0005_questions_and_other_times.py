from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dispatch", "0004_gate_by_running_contract"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobquestion",
            name="template",
            field=models.CharField(blank=True, db_default="", max_length=20),
        ),
        migrations.AddField(
            model_name="offer",
            name="counter_note",
            field=models.CharField(blank=True, db_default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="jobquestion",
            name="text",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
