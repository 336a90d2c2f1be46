import django.db.models.deletion
from django.db import migrations, models

from articles.models.tag import near_key


def name_twins(apps, schema_editor):
    """Fill in what tags that are likely the same have in common."""
    Tag = apps.get_model("articles", "Tag")
    for tag in Tag.objects.only("name").iterator():
        Tag.objects.filter(pk=tag.pk).update(near=near_key(tag.name))


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_moved")]

    operations = [
        migrations.AddField(
            model_name="tag",
            name="image",
            field=models.ForeignKey(
                blank=True,
                help_text="Shown at the top of the tag's page.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.image",
                verbose_name="picture",
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="near",
            field=models.CharField(db_index=True, default="", editable=False, max_length=300),
            preserve_default=False,
        ),
        migrations.RunPython(name_twins, migrations.RunPython.noop),
    ]
