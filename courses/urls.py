from django.urls import path

from courses.views import evidence, runs

app_name = "courses"

urlpatterns = [
    path("evidence/", evidence.receive_batch, name="evidence"),
    path("evidence/lessons/<int:pk>/", evidence.read_lesson, name="lesson-read"),
    path("manage/runs/", runs.run_list, name="runs"),
    path("manage/runs/new/", runs.new_run, name="run-new"),
    path("manage/runs/<slug:code>/", runs.run_page, name="run"),
    path("manage/runs/<slug:code>/edit/", runs.edit_run, name="run-edit"),
    path("manage/runs/<slug:code>/extend/", runs.extend, name="run-extend"),
    path("manage/runs/<slug:code>/people/", runs.add, name="run-add"),
]
