"""URLs of a brand site."""
urlpatterns = []
