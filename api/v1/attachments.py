"""Photos that are sent before they answer a question of a package or of a friend, or go along with a message."""

import hashlib
from http import HTTPStatus
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import SendForm
from api.serializers import Strict, checked
from api.v1.order_views import WRITE
from api.views import ONCE, View
from kernel.clock import now
from orders.photos import clean_photo
from orders.services.attachments import keep_attachment


class AttachmentIn(Strict):
    """A photo: JPEG, PNG or WebP, of at most 8 MB and 25 megapixels."""

    photo = serializers.FileField(max_length=255)


class AttachmentOut(serializers.Serializer):
    """A photo that can be used once: its ``id`` as an answer of an order, or as ``photo`` of an answer or message."""

    id = serializers.UUIDField(source="uuid")
    expires_at = serializers.DateTimeField()


class Attachments(View):
    """Photos that wait for their use."""

    scopes = {"POST": WRITE}
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="upload_attachment",
        parameters=[ONCE],
        request={MultiPartParser.media_type: AttachmentIn},
        responses={201: AttachmentOut},
    )
    def post(self, request: Request) -> Response:
        """Upload a photo. Where and when it was taken is removed; it can be used once, within a day."""
        if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != MultiPartParser.media_type:
            raise SendForm
        upload: UploadedFile = checked(AttachmentIn, request.data)["photo"]
        content = hashlib.sha256(upload.read())

        def keep() -> tuple[int, Any]:
            upload.seek(0)
            attachment = keep_attachment(content=clean_photo(upload), now=now())
            return HTTPStatus.CREATED.value, dict(AttachmentOut(attachment).data)

        return self.once(request, keep, meant=content.hexdigest())
