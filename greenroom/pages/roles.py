"""What each role may do, straight from the table that every page asks."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from greenroom.core import web
from greenroom.core.access import CAN_WORDS, ROLE_WORDS, ROLES, Can, needs
from greenroom.core.models import Member
from greenroom.pages.request import StaffRequest

# A creator is no member: what they may do is their own page, opened by a link that was sent to them.
OF_CREATORS = (
    "See what is shared of their own accounts, with whom and since when",
    "See their own figures and where these come from",
    "Connect an account of theirs, choose again what is shared, stop sharing",
)


@needs(Can.MEMBERS_READ)
@require_safe
def roles(request: StaffRequest) -> HttpResponse:
    counts = dict.fromkeys(ROLES, 0)
    for role in Member.objects.within(request.workspace).values_list("role", flat=True):
        counts[role] += 1
    shown = {
        "tab": "settings_roles",
        "roles": [(role, *ROLE_WORDS[role].split(": ", 1), counts[role]) for role in ROLES],
        "rows": [(words, can, [can in ROLES[role] for role in ROLES]) for can, words in CAN_WORDS.items()],
        "of_creators": OF_CREATORS,
        "mine": request.member.role,
    }
    return web.render(request, "pages/roles.html", shown)
