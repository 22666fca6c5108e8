"""Mounted at `quiz/`."""

from django.urls import path

from activities.quiz import views

app_name = "quiz"

urlpatterns = [
    path("activities/<int:pk>/start/", views.start, name="start"),
    path("attempts/<uuid:attempt_id>/", views.paper, name="paper"),
    path("attempts/<uuid:attempt_id>/answers/<int:position>/", views.answer, name="answer"),
    path("attempts/<uuid:attempt_id>/submit/", views.submit, name="submit"),
    path("attempts/<uuid:attempt_id>/result/", views.result, name="result"),
    path("grants/", views.grants, name="grants"),
    path("grants/<int:enrolment_pk>/<int:activity_pk>/", views.grant, name="grant"),
]
