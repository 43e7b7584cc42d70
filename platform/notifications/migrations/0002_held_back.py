"""What sandboxes would have sent."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HeldBack',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tenant_id', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('channel', models.CharField(choices=[('app', 'In the app'), ('push', 'Push'), ('mail', 'Email'), ('webhook', 'Webhook')], max_length=10)),
                ('recipient', models.CharField(max_length=254)),
                ('subject', models.CharField(max_length=300)),
                ('text', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['tenant_id', '-at', '-id'], name='held_back_latest')],
            },
        ),
    ]
