"""Languages, home page and course index: what a site has before any course."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Locale, Page, Site

from cms_pages.loading.pages import PageLoader, PageSource
from cms_pages.models import CourseIndexPage, HomePage

HOME = PageSource(
    model=HomePage,
    name="home",
    slug="trang-chu",
    fields={
        "title": "Bảo vệ, chăm sóc và giáo dục trẻ em trong nhà trường",
        "intro": (
            "<p>Nơi giáo viên, cán bộ quản lý và nhân viên nhà trường học cách nhận ra, thông báo "
            "và xử lý khi trẻ cần được bảo vệ. Học trên điện thoại, dừng lúc nào cũng được, học "
            "xong nhận giấy chứng nhận.</p>"
        ),
    },
)
INDEX = PageSource(
    model=CourseIndexPage,
    name="courses",
    slug="khoa-boi-duong",
    fields={"title": "Khóa bồi dưỡng", "intro": ""},
)


def ensure_site(loader: PageLoader) -> CourseIndexPage:
    """The site's home in place of Wagtail's welcome page; the course index below it."""
    for language in ("vi", "en"):
        Locale.objects.get_or_create(language_code=language)
    root = Page.get_first_root_node() or Page.add_root(title="Gốc", slug="root")
    home = loader.load(root, HOME)
    _put_site_on(home)
    return loader.load(home, INDEX)


def _put_site_on(home: HomePage) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(
            hostname="localhost",
            site_name=settings.WAGTAIL_SITE_NAME,
            root_page=home,
            is_default_site=True,
        )
        return
    if site.root_page_id == home.pk:
        return
    welcome = site.root_page
    if welcome.specific_class is not Page:  # somebody's own home page: leave it to them
        return
    site.root_page = home
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    site.save()
    if welcome.is_leaf():
        welcome.delete()
