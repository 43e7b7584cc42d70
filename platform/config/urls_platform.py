"""URLs of the platform's own hosts: start page, friends, operators. No Wagtail here: it has no tables in public."""
urlpatterns = []
