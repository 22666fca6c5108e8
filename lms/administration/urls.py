from django.urls import path

from lms.administration import views

app_name = "administration"

urlpatterns = [
    path("manage/audit/", views.audit_log, name="audit"),
    path("manage/audit.csv", views.export_audit, {"kind": "csv"}, name="audit-csv"),
    path("manage/audit.xlsx", views.export_audit, {"kind": "xlsx"}, name="audit-xlsx"),
    path("manage/people/<int:pk>/view-as/", views.view_as, name="view-as"),
    path("manage/view-as/stop/", views.stop_viewing, name="stop-viewing"),
]
