"""The gateway's parts, wired once: what routes and tests reach through `app.state.services`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta

import httpx

from gateway.cases.keeper import CaseKeeper
from gateway.channels.accounts import ChatAccounts
from gateway.channels.downloads import Downloads
from gateway.channels.following_up import MAIL, FollowUp
from gateway.channels.inbox import Inbox
from gateway.channels.intake import Intake
from gateway.channels.notices import OrderNotices
from gateway.channels.outgoing import Outgoing
from gateway.channels.pictures import Pictures
from gateway.channels.port import Channel
from gateway.channels.pulling import Pulling
from gateway.channels.registry import downloads_for, switched_on
from gateway.channels.worker import ChannelWorker
from gateway.clients.bot import BotClient
from gateway.clients.crm import CrmClient
from gateway.clients.staff import StaffClient
from gateway.clients.upstream import Connections, Upstream
from gateway.console.accounts import Accounts
from gateway.console.oidc import Oidc
from gateway.console.second_factor import SecondFactor
from gateway.console.streams import Streams
from gateway.conversations.access import ChatAccess
from gateway.conversations.delivery import DeliveryMarks
from gateway.conversations.live import LiveBus, LocalBus, agent_topic
from gateway.conversations.live_redis import RedisBus
from gateway.conversations.service import ChatRules, Conversations
from gateway.conversations.turns import TurnRules, Turns
from gateway.conversations.worker import TurnWorker
from gateway.database.engine import Database, make_engine
from gateway.desk.replies import Replies
from gateway.desk.service import Annotations
from gateway.handover.availability import Availability
from gateway.handover.keeper import LeaseKeeper, SupportHoursCache
from gateway.handover.service import HEAD_STARTS, HandoverRules, Handovers
from gateway.handover.weighing import QueueKeeper
from gateway.images.service import Images
from gateway.insight.figures import Overviews
from gateway.insight.keeper import InsightKeeper
from gateway.limits import RateLimit
from gateway.review.keeper import ReviewKeeper
from gateway.review.service import Reviews
from gateway.search.index import SearchIndex, search_index
from gateway.secrets import Tokens
from gateway.settings import GatewaySettings
from gateway.surveys.service import Surveys
from gateway.tls import trusted
from gateway.wording.service import ShopWordings
from shopdesk_schemas.clock import Clock

IDLE_SECONDS = 2.0
"""How long a connection is kept that nothing is asked on: shorter than servers keep theirs (uvicorn five seconds), so
that none is used in the moment in which it is closed."""

_MORE_CONNECTIONS = 20
"""Beside those of the turns that run at once."""

LEASE_MARGIN_SECONDS = 10.0
"""Beyond a turn's budget: time to tell the CRM of the conversation and to store the outcome."""


@dataclass
class Services:
    """Everything with a life as long as the program's."""

    settings: GatewaySettings
    clock: Clock
    database: Database
    http: httpx.AsyncClient
    """To other people's servers."""
    inside: Connections
    """To the bot and the CRM."""
    downloads: Downloads
    bot: BotClient
    crm: CrmClient
    staff: StaffClient
    live: LiveBus
    tokens: Tokens
    images: Images
    access: ChatAccess
    conversations: Conversations
    surveys: Surveys
    channels: dict[str, Channel]
    channel_intake: Intake
    channel_worker: ChannelWorker
    follow_up: FollowUp
    notices: OrderNotices
    channel_refusals: dict[str, int]
    """By channel how many calls were refused since the start."""
    worker: TurnWorker
    deliveries: DeliveryMarks
    handovers: Handovers
    availability: Availability
    leases: LeaseKeeper
    queue_keeper: QueueKeeper
    cases: CaseKeeper
    support_hours: SupportHoursCache
    accounts: Accounts
    second_factor: SecondFactor
    oidc: Oidc | None
    """None: this shop has no identity provider."""
    search: SearchIndex
    annotations: Annotations
    replies: Replies
    reviews: Reviews
    wordings: ShopWordings
    review_keeper: ReviewKeeper
    insight_keeper: InsightKeeper
    session_openings: RateLimit
    console_streams: Streams
    login_failures_by_name: RateLimit
    login_failures_by_address: RateLimit
    overviews: Overviews

    async def start(self) -> None:
        """Begin to work off what is due."""
        await self.live.start()
        await self.worker.start()
        self.deliveries.start()
        self.channel_worker.start()
        self.follow_up.start()
        self.notices.start()
        self.leases.start()
        self.queue_keeper.start()
        self.cases.start()
        self.review_keeper.start()
        self.insight_keeper.start()

    async def stop(self) -> None:
        """Stop working and close all connections."""
        self.live.close()
        await self.follow_up.stop()
        await self.notices.stop()
        await self.channel_worker.stop()
        await self.queue_keeper.stop()
        await self.cases.stop()
        await self.insight_keeper.stop()
        await self.review_keeper.stop()
        await self.leases.stop()
        await self.worker.stop()
        await self.deliveries.stop()
        await self.live.stop()
        await self.http.aclose()
        await self.inside.aclose()
        await self.downloads.aclose()
        await self.database.dispose()


def build_services(settings: GatewaySettings, clock: Clock) -> Services:
    """Wire the parts. Opens no connection yet."""
    database = Database(make_engine(settings.database_url()))
    http = httpx.AsyncClient(
        verify=trusted(),
        limits=httpx.Limits(
            max_connections=settings.turn_concurrency + _MORE_CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
        ),
        trust_env=False,
    )
    inside = Connections(
        most=settings.turn_concurrency + _MORE_CONNECTIONS, idle_seconds=IDLE_SECONDS, trusted=trusted()
    )
    bot = BotClient(Upstream(inside, settings.bot_url, settings.service_token))
    crm_upstream = Upstream(inside, settings.crm_url, settings.service_token)
    crm = CrmClient(crm_upstream)
    live: LiveBus = RedisBus(settings.redis_url.get_secret_value()) if settings.redis_url else LocalBus()
    tokens = Tokens(settings.session_secret)

    def said(conversation_id: str) -> None:
        live.publish(conversation_id)
        channel_worker.wake()

    def changed(conversation_id: str) -> None:
        # The assistant first: while it thinks there is time to show everybody what was said.
        worker.notify(conversation_id)
        said(conversation_id)

    images = Images(clock, tokens)
    conversations = Conversations(
        clock,
        tokens,
        images,
        ChatRules(
            token_life=timedelta(days=settings.chat_token_days),
            join=timedelta(seconds=settings.join_seconds),
            pending_messages=settings.pending_messages,
        ),
        changed,
        said,
    )
    hours = SupportHoursCache(crm)
    handovers = Handovers(
        clock,
        conversations,
        HandoverRules(
            lease=timedelta(seconds=settings.agent_lease_seconds),
            answer_within=timedelta(hours=settings.agent_answer_hours),
            head_starts=HEAD_STARTS,
        ),
        hours,
    )
    surveys = Surveys(clock, conversations, enabled=settings.survey)
    turns = Turns(
        clock,
        conversations,
        handovers,
        surveys,
        TurnRules(
            lease=timedelta(seconds=settings.turn_seconds + LEASE_MARGIN_SECONDS),
            retry=timedelta(seconds=settings.retry_seconds),
            retry_max=timedelta(seconds=settings.retry_max_seconds),
            give_up_after=timedelta(hours=settings.retry_hours),
            epoch_idle=timedelta(minutes=settings.epoch_idle_minutes),
            epoch_turns=settings.epoch_turns,
            low_confidence=settings.low_confidence,
        ),
    )
    downloads = downloads_for(settings)
    channels = switched_on(settings, http, downloads, tokens.keyed)
    chat_accounts = ChatAccounts(database, channels, conversations)
    wordings = ShopWordings(database, clock)
    worker = TurnWorker(
        database,
        turns,
        bot,
        crm,
        clock,
        turn_seconds=settings.turn_seconds,
        concurrency=settings.turn_concurrency,
        account_of=chat_accounts.of,
        wordings=wordings.current,
    )
    staff = StaffClient(crm_upstream)
    reviews = Reviews(clock, settings.low_confidence)
    channel_intake = Intake(database, clock)
    inbox = Inbox(database, clock, channels, conversations, images, worker, crm, settings.default_language)
    pictures = Pictures(database, clock, images, downloads)
    outgoing = Outgoing(database, clock, channels, images, pictures, settings.public_url)
    pulling = Pulling(database, clock, channels)
    channel_worker = ChannelWorker(channel_intake, inbox, outgoing, pulling, enabled=bool(channels))
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        http=http,
        inside=inside,
        downloads=downloads,
        bot=bot,
        crm=crm,
        staff=staff,
        live=live,
        tokens=tokens,
        images=images,
        access=ChatAccess(database, tokens, clock),
        conversations=conversations,
        surveys=surveys,
        channels=channels,
        channel_intake=channel_intake,
        channel_worker=channel_worker,
        follow_up=FollowUp(database, clock, tokens, channel_worker.wake, enabled=MAIL in channels),
        notices=OrderNotices(database, crm, conversations),
        channel_refusals={},
        worker=worker,
        deliveries=DeliveryMarks(database, clock),
        handovers=handovers,
        support_hours=hours,
        availability=Availability(clock, handovers, timedelta(seconds=settings.agent_lease_seconds)),
        leases=LeaseKeeper(database, handovers, hours, clock),
        queue_keeper=QueueKeeper(
            database,
            staff,
            clock,
            timedelta(minutes=settings.queue_delivery_minutes),
        ),
        cases=CaseKeeper(database, staff, clock, hours, timedelta(hours=settings.agent_answer_hours)),
        accounts=Accounts(
            clock,
            tokens,
            timedelta(hours=settings.console_session_hours),
            lambda agent_id: live.publish(agent_topic(agent_id)),
        ),
        second_factor=SecondFactor(tokens, clock),
        oidc=_oidc(settings, http, tokens),
        search=search_index(database),
        annotations=Annotations(clock),
        replies=Replies(clock),
        reviews=reviews,
        wordings=wordings,
        review_keeper=ReviewKeeper(database, reviews, clock),
        insight_keeper=InsightKeeper(database, bot, staff, clock, settings.containment_days),
        session_openings=RateLimit(settings.sessions_per_minute, 60.0),
        console_streams=Streams(settings.console_streams),
        login_failures_by_name=RateLimit(settings.login_attempts, 900.0),
        login_failures_by_address=RateLimit(settings.login_attempts, 900.0),
        overviews=Overviews(time.monotonic),
    )


def _oidc(settings: GatewaySettings, http: httpx.AsyncClient, tokens: Tokens) -> Oidc | None:
    if not settings.oidc_issuer:
        return None
    return Oidc(
        http,
        tokens,
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        claim=settings.oidc_claim,
    )
