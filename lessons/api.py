"""Courses, lessons, questions and progress for programs. The same services and selectors as the pages."""

from __future__ import annotations

from typing import Any

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.paging import ByCursor
from accounts.api.people import person_of
from accounts.api.problems import Refusal, problems

from . import asking, selectors, services
from .asking import Asked
from .certificate_words import missing
from .content.marking import BadResponse
from .forms import read_response
from .models import Answer, Course, Enrolment, Lesson, Question
from .selectors.mastery import progress_page


def course_of(request: Request, slug: str) -> Course:
    """The course of the address, if the person takes part in it; else 404."""
    course = get_object_or_404(Course, slug=slug)
    if selectors.enrolment_of(student=person_of(request), course=course) is None:
        raise Http404
    return course


class CourseSerializer(serializers.ModelSerializer[Course]):
    class Meta:
        model = Course
        fields = ("slug", "title", "description", "level", "duration_estimate", "updated")


class LessonLineSerializer(serializers.ModelSerializer[Lesson]):
    class Meta:
        model = Lesson
        fields = ("number", "title", "summary", "minutes", "written")


class LessonSerializer(serializers.ModelSerializer[Lesson]):
    """With its HTML: MathML and SVG inside, `div[data-question]` where a question stands."""

    class Meta:
        model = Lesson
        fields = ("number", "title", "summary", "minutes", "written", "html", "contents")


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    """An answer as marked; `feedback` is HTML."""

    class Meta:
        model = Answer
        fields = ("response", "correct", "feedback", "created_at")


class QuestionSerializer(serializers.Serializer[Any]):
    """A question without its answer. `public` is what its kind shows, `newest` the last answer given.

    `asked` is to be sent with the answer: a question may get other numbers after a miss, or other words.
    """

    key = serializers.CharField()
    kind = serializers.CharField()
    idea = serializers.CharField()
    prompt = serializers.CharField()
    public = serializers.DictField()
    asked = serializers.CharField()
    newest = AnswerSerializer(allow_null=True)


class ResponseSerializer(serializers.Serializer[Any]):
    """What is answered, by kind: one of these. With `asked` as it came with the question."""

    asked = serializers.CharField(required=False, max_length=40)

    value = serializers.CharField(
        required=False, max_length=2000, help_text="numeric: a number as people type it"
    )
    text = serializers.CharField(required=False, max_length=2000, help_text="predict: what is printed")
    choice = serializers.CharField(required=False, max_length=80, help_text="single, curve: an option's id")
    choices = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=50, help_text="multiple: ids"
    )
    order = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=50,
        help_text="order: ids in order",
    )
    pairs = serializers.DictField(
        child=serializers.CharField(max_length=80), required=False, help_text="match: left id to right id"
    )


class IdeaSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    lesson = serializers.CharField(allow_null=True)
    score = serializers.IntegerField(min_value=0, max_value=100)
    evidence = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    review = serializers.BooleanField()


class StepSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    url = serializers.CharField()


class CertificateSerializer(serializers.Serializer[Any]):
    """`missing` is a sentence, empty when nothing is; `url` is null until one is issued."""

    earned = serializers.BooleanField()
    missing = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    lessons_done = serializers.IntegerField()
    lessons_total = serializers.IntegerField()
    exercises_passed = serializers.IntegerField()
    exercises_total = serializers.IntegerField()
    lab_tasks_done = serializers.IntegerField()
    lab_tasks_total = serializers.IntegerField()
    quiz_percent = serializers.IntegerField(allow_null=True)
    next = StepSerializer(allow_null=True)
    certificate = CertificateSerializer(allow_null=True)
    ideas = IdeaSerializer(many=True)


@extend_schema_view(
    get=extend_schema(operation_id="courses_list", responses={200: CourseSerializer(many=True), **problems()})
)
class Courses(generics.ListAPIView[Course]):
    """The courses in which the person takes part."""

    serializer_class = CourseSerializer
    pagination_class = ByCursor

    def get_queryset(self) -> Any:
        person = person_of(self.request)
        places = Enrolment.objects.filter(student=person).values("course")
        return selectors.courses_for(person).filter(pk__in=places)


@extend_schema_view(get=extend_schema(operation_id="course", responses={200: CourseSerializer, **problems()}))
class OneCourse(APIView):
    """One course."""

    def get(self, request: Request, course: str) -> Response:
        return Response(CourseSerializer(course_of(request, course)).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="lessons_list", responses={200: LessonLineSerializer(many=True), **problems()}
    )
)
class Lessons(generics.ListAPIView[Lesson]):
    """Every lesson of the course in order, written or announced."""

    serializer_class = LessonLineSerializer
    pagination_class = type("InCourseOrder", (ByCursor,), {"ordering": ("position", "pk")})

    def get_queryset(self) -> Any:
        return course_of(self.request, self.kwargs["course"]).lessons.defer("html", "contents")


@extend_schema_view(get=extend_schema(operation_id="lesson", responses={200: LessonSerializer, **problems()}))
class OneLesson(APIView):
    """One lesson."""

    def get(self, request: Request, course: str, number: str) -> Response:
        lesson = get_object_or_404(course_of(request, course).lessons, number=number)
        return Response(LessonSerializer(lesson).data)


@extend_schema_view(
    get=extend_schema(
        operation_id="questions_list", responses={200: QuestionSerializer(many=True), **problems()}
    )
)
class Questions(APIView):
    """The lesson's questions, without their answers."""

    def get(self, request: Request, course: str, number: str) -> Response:
        lesson = get_object_or_404(course_of(request, course).lessons, number=number)
        own = selectors.questions_with_answers(lesson=lesson, student=person_of(request))
        shown = [
            {name: getattr(one.question, name) for name in ("key", "kind", "idea")}
            | {"prompt": one.now.prompt, "public": one.now.public, "asked": one.now.stamp}
            | {"newest": one.newest}
            for one in own
        ]
        return Response(QuestionSerializer(shown, many=True).data)


class Answers(APIView):
    """Answering a question."""

    @extend_schema(
        operation_id="answer",
        request=ResponseSerializer,
        responses={201: AnswerSerializer, **problems(400, 409, 415, 422)},
    )
    def post(self, request: Request, course: str, number: str, key: str) -> Response:
        """Mark and keep an answer."""
        lesson = get_object_or_404(course_of(request, course).lessons, number=number)
        question = get_object_or_404(Question, lesson=lesson, key=key, retired=False)
        form = ResponseSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        student, stamp = person_of(request), form.validated_data.get("asked", "")
        now_asked = selectors.asked_now(question=question, student=student)
        response = response_to(asking.with_stamp(question, stamp) or now_asked, form.validated_data)
        try:
            answer = services.answer_question(
                student=student, question=question, response=response, stamp=stamp
            )
        except asking.Changed as refusal:
            raise Refusal(status_code=409, code="changed", message=str(refusal)) from None
        except BadResponse as refusal:
            raise Refusal(status_code=422, code="no_answer", message=str(refusal)) from None
        return Response(AnswerSerializer(answer).data, status=status.HTTP_201_CREATED)


def response_to(asked: Asked, sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, through the form that the page uses, so that both are read alike."""
    fields = QueryDict(mutable=True)
    for name in ("value", "choice"):
        if name in sent:
            fields[name] = sent[name]
    if "text" in sent:
        fields["value"] = sent["text"]
    if "choices" in sent:
        fields.setlist("choice", sent["choices"])
    for place, item in enumerate(sent.get("order", []), start=1):
        fields[f"place-{item}"] = str(place)
    for left, right in sent.get("pairs", {}).items():
        fields[f"pair-{left}"] = right
    return read_response(asked, fields)


@extend_schema_view(
    get=extend_schema(operation_id="progress", responses={200: ProgressSerializer, **problems()})
)
class Progress(APIView):
    """The person's own progress: what is done, what comes next, each idea with its estimate."""

    def get(self, request: Request, course: str) -> Response:
        page = progress_page(course=course_of(request, course), student=person_of(request), at=now())
        shown = {
            "lessons_done": page.outline.lessons_done,
            "lessons_total": page.outline.lessons_total,
            "exercises_passed": page.outline.exercises_passed,
            "exercises_total": page.outline.exercises_promised,
            "lab_tasks_done": page.outline.labs_done,
            "lab_tasks_total": page.outline.labs,
            "quiz_percent": page.quiz_percent,
            "next": page.outline.next,
            "certificate": page.certificate
            and {
                "earned": page.certificate.earned,
                "missing": missing(page.certificate),
                "url": page.certificate.valid and page.certificate.valid.get_absolute_url(),
            },
            "ideas": [
                {
                    "slug": line.idea.slug,
                    "title": line.idea.title,
                    "lesson": line.idea.lesson.number if line.idea.lesson else None,
                    "score": line.mastery.score,
                    "evidence": line.mastery.evidence,
                    "last_at": line.mastery.last_at,
                    "review": line.asks_for_review,
                }
                for line in page.ideas
            ],
        }
        return Response(ProgressSerializer(shown).data)
