from django.urls import path

from reports.views import my, people, units

app_name = "reports"

urlpatterns = [
    path("my/", my.my_training, name="my"),
    path("manage/", units.index, name="index"),
    path("manage/units/<str:code>/", units.unit_page, name="unit"),
    path("manage/units/<str:code>/people/", people.unit_people, name="people"),
    path("manage/people/<int:pk>/", people.person_page, name="person"),
]
