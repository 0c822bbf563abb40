"""Who asks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import PersonalToken

from .people import person_of
from .problems import problems


class MeSerializer(serializers.Serializer[Any]):
    """The person, and what the token may do (null with a session)."""

    email = serializers.EmailField()
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True)


class NoSuchAddress(APIView):
    """Whatever else is asked below the API's address: a problem, not a page."""

    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *_args: Any, **_kwargs: Any) -> None:
        self.perform_authentication(request)
        raise NotFound


class Me(APIView):
    """The person whose token or session it is."""

    @extend_schema(operation_id="me", responses={200: MeSerializer, **problems()})
    def get(self, request: Request) -> Response:
        person = person_of(request)
        token = request.auth
        scopes = token.scopes if isinstance(token, PersonalToken) else None
        return Response(MeSerializer({"email": person.email, "name": person.name, "scopes": scopes}).data)
