"""A job keeps the commissions that were looked up at booking, for its own community and for others."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("dispatch", "0008_mask_open_briefs")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="commission_version",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="overflow_commission_bp",
            field=models.IntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="overflow_commission_version",
            field=models.UUIDField(editable=False, null=True),
        ),
    ]
