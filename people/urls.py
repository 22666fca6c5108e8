"""Mounted at the root: accounts, one's own record, and what managers do for accounts."""

from django.urls import path

from people.views import activation, codes, corrections, not_listed, record, requests, signing_in

app_name = "people"

urlpatterns = [
    path("accounts/login/", signing_in.LoginView.as_view(), name="login"),
    path("accounts/logout/", signing_in.LogoutView.as_view(), name="logout"),
    path("accounts/language/", signing_in.choose_language, name="language"),
    path("accounts/password/", signing_in.PasswordChangeView.as_view(), name="password"),
    path("accounts/activate/", activation.activate, name="activate"),
    path("accounts/activate/password/", activation.choose_password, name="activate-password"),
    path("accounts/forgotten/", activation.forgotten, name="forgotten"),
    path("accounts/not-listed/", not_listed.find_unit, name="not-listed"),
    path("accounts/not-listed/sent/", not_listed.sent, name="not-listed-sent"),
    path("accounts/not-listed/<str:code>/", not_listed.ask_to_be_listed, name="not-listed-form"),
    path("my/record/", record.my_record, name="record"),
    path("my/record.json", record.my_record_json, name="record-json"),
    path("my/record/account/", record.change_account, name="record-account"),
    path("my/record/correction/", record.ask_correction, name="record-correction"),
    path("manage/people/<int:pk>/code/", codes.issue, name="code"),
    path("manage/units/<str:code>/slips/", codes.issue_many, name="slips"),
    path("manage/requests/", requests.request_list, name="requests"),
    path("manage/requests/<int:pk>/", requests.request_page, name="request"),
    path("manage/corrections/<int:pk>/", corrections.correction_page, name="correction"),
]
