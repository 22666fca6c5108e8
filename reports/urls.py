from django.urls import path

from reports.documents import RENDERERS
from reports.views import (
    dashboard,
    filing,
    indicators,
    my,
    people,
    reminders,
    runs,
    sharing,
    targets,
    units,
)

app_name = "reports"

urlpatterns = [
    path("my/", my.my_training, name="my"),
    path("manage/", units.index, name="index"),
    path("manage/units/<str:code>/", units.unit_page, name="unit"),
    path("manage/units/<str:code>/figures.csv", units.unit_sheet, name="unit-csv"),
    path("manage/units/<str:code>/forecast/", dashboard.forecast_page, name="forecast"),
    path("manage/units/<str:code>/breakdown/", dashboard.breakdown_page, name="breakdown"),
    path("manage/units/<str:code>/modules/", dashboard.modules_page, name="modules"),
    path("manage/units/<str:code>/workplaces/", dashboard.workplaces_page, name="workplaces"),
    path(
        "manage/units/<str:code>/workplaces.csv",
        dashboard.workplaces_sheet,
        {"kind": "csv"},
        name="workplaces-csv",
    ),
    path(
        "manage/units/<str:code>/workplaces.xlsx",
        dashboard.workplaces_sheet,
        {"kind": "xlsx"},
        name="workplaces-xlsx",
    ),
    path("manage/units/<str:code>/remind/", reminders.remind, name="remind"),
    path("manage/targets/", targets.target_list, name="targets"),
    path("manage/targets/new/", targets.new_target, name="target-new"),
    path("manage/targets/<str:code>/", targets.target_page, name="target"),
    path("manage/targets/<str:code>/edit/", targets.edit_target, name="target-edit"),
    path("manage/targets/<str:code>/end/", targets.end_target_page, name="target-end"),
    path("manage/units/<str:code>/people/", people.unit_people, name="people"),
    path(
        "manage/units/<str:code>/people.csv",
        people.unit_people_sheet,
        {"kind": "csv"},
        name="people-csv",
    ),
    path(
        "manage/units/<str:code>/people.xlsx",
        people.unit_people_sheet,
        {"kind": "xlsx"},
        name="people-xlsx",
    ),
    path("manage/reports/", filing.report_list, name="reports"),
    path("manage/reports/new/", filing.new_report, name="report-new"),
    path("manage/reports/<int:pk>/", filing.report_page, name="report"),
    path("manage/reports/<int:pk>/edit/", filing.edit_report, name="report-edit"),
    *(
        path(
            f"manage/reports/<int:pk>/report.{kind}",
            filing.download,
            {"kind": kind},
            name=f"report-{kind}",
        )
        for kind in RENDERERS
    ),
    path("manage/runs/<slug:code>/progress/", runs.progress, name="run-progress"),
    path("manage/runs/<slug:code>/progress/<int:pk>/", runs.run_person, name="run-person"),
    path("manage/runs/<slug:code>/progress.csv", runs.export, {"kind": "csv"}, name="run-csv"),
    path("manage/runs/<slug:code>/progress.xlsx", runs.export, {"kind": "xlsx"}, name="run-xlsx"),
    path("manage/runs/<slug:code>/results/", runs.results, name="run-results"),
    path("manage/people/<int:pk>/", people.person_page, name="person"),
    path("manage/indicators/", indicators.catalogue, name="indicators"),
    path("manage/sharing/", sharing.token_list, name="sharing"),
    path("manage/sharing/new/", sharing.new_token, name="sharing-new"),
    path("manage/sharing/log/", sharing.share_log, name="sharing-log"),
    path("manage/sharing/<int:pk>/", sharing.token_page, name="sharing-token"),
    path("manage/sharing/<int:pk>/schedule/", sharing.new_schedule, name="sharing-schedule"),
    path("manage/sharing/schedules/<int:pk>/stop/", sharing.end_schedule, name="sharing-stop"),
    path("manage/sharing/files/<int:pk>/", sharing.shared_file, name="sharing-file"),
]
