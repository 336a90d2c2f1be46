from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_notes_between_colleagues")]

    operations = [migrations.RemoveField(model_name="article", name="old_notes")]
