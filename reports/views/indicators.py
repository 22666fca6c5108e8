"""The catalogue of indicators and the data dictionary, for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.data_dictionary import FIELDS
from reports.indicators import INDICATORS
from reports.models import Target
from reports.queries.figures import smallest_cell
from reports.views.asking import scope_required


@scope_required
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    names = {field.name: field.meaning for field in FIELDS}
    context = {
        "rows": [(each, [names[axis] for axis in each.disaggregation]) for each in INDICATORS],
        "targets": Target.objects.all(),
        "fields": FIELDS,
        "smallest": smallest_cell(),
    }
    return render(request, "reports/indicators.html", context)
