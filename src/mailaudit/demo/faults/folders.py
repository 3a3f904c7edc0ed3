"""Faults of folders and their pages: growing, cut short, repeated."""

import re

from mailaudit.demo.faults.kinds import Moment, answering
from mailaudit.demo.faults.rule import Parameters
from mailaudit.demo.listener import Reply

_OFFSET = re.compile(rb'(<m:IndexedPageItemView [^>]*\bOffset=")(\d+)"')


@answering("growing-folder", items=2, item_class="IPM.Note")
async def growing_folder(moment: Moment, parameters: Parameters) -> Reply:
    """The sound answer, after which more has arrived in the Inbox: right after what is there."""
    reply = Reply(moment.sound(), moment.headers)
    moment.world.overlay.deliver(
        moment.mailbox.lower(), parameters.count("items"), parameters.text("item_class")
    )
    return reply


@answering("call-limit", items=3)
async def call_limit(moment: Moment, parameters: Parameters) -> Reply:
    """A limit shared by the folders of one FindItem, which cuts the later ones to nothing."""
    exchange = moment.world.limited(parameters.count("items"), True)
    return Reply(exchange.answer(moment.body, moment.caller), moment.headers)


@answering("partial-pages", items=3)
async def partial_pages(moment: Moment, parameters: Parameters) -> Reply:
    """Pages of one to so many items of each folder, seldom twice the same."""
    items = 1 + moment.number * 7 % parameters.count("items")
    exchange = moment.world.limited(items, False)
    return Reply(exchange.answer(moment.body, moment.caller), moment.headers)


@answering("repeated-items", items=3, repeated=1)
async def repeated_items(moment: Moment, parameters: Parameters) -> Reply:
    """Pages of so many items that begin with the last ones of the page before."""
    exchange = moment.world.limited(parameters.count("items"), False)
    repeated = parameters.count("repeated")

    def earlier(match: re.Match[bytes]) -> bytes:
        return match[1] + b'%d"' % max(0, int(match[2]) - repeated)

    return Reply(exchange.answer(_OFFSET.sub(earlier, moment.body), moment.caller), moment.headers)
