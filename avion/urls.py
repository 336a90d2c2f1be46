"""The whole site: the desk, uploads, and all that readers reach."""

from django.contrib import admin
from django.urls import include, path

from articles.desk.views import shared_preview
from avion import metrics, reports, terms, trust, views

urlpatterns = [
    path("admin/compte/", include("authors.door.urls")),
    path("admin/", admin.site.urls),
    path("media/<path:path>", views.media, name="media"),
    path("apercu/<str:token>/", shared_preview, name="shared-preview"),
    path("metrics", metrics.metrics),
    path("robots.txt", terms.robots, name="robots"),
    path("ai.txt", terms.ai_txt),
    path("llms.txt", terms.llms_txt),
    path("trust.txt", trust.trust_txt, name="trust-txt"),
    path(".well-known/trust.txt", trust.trust_txt),
    path("ads.txt", trust.ads_txt),
    path("humans.txt", trust.humans_txt),
    path("<slug:key>.txt", terms.indexnow_key),
    path(".well-known/tdmrep.json", terms.tdmrep, name="tdmrep"),
    path("habillage-<slug:version>.css", views.dress, name="dress"),
    path("rapports/csp/", reports.policy_violation, name="csp-report"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("site.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon),
    path("", include("articles.reading.urls")),
]

handler404 = "avion.views.not_found"
handler400 = "avion.faults.damaged"
handler500 = "avion.faults.fault"
