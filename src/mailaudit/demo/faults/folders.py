"""Oddities of folders and their pages: growing, cut short, repeated, tidied up by their owners."""

import re

from mailaudit.demo.ews.clock import first_second_from, read_time
from mailaudit.demo.faults.kinds import Moment, answering
from mailaudit.demo.faults.rule import Parameters
from mailaudit.demo.listener import Reply

_CONSTANT = re.compile(rb'<t:Constant Value="(\d{4}-[^"]*)"')
_OFFSET = re.compile(rb'(<m:IndexedPageItemView [^>]*\bOffset=")(\d+)"')


@answering("growing-folder", items=2, item_class="IPM.Note", page=3)
async def growing_folder(moment: Moment, parameters: Parameters) -> Reply:
    """A page of so many items, after which more arrive in the Inbox: within what was asked for."""
    exchange = moment.world.limited(parameters.count("page"), False)
    reply = Reply(exchange.answer(moment.body, moment.caller), moment.headers)
    bounds = _CONSTANT.findall(moment.body)
    if bounds:
        last = first_second_from(read_time(bounds[-1].decode())) - 1
        item_class = parameters.text("item_class")
        moment.world.overlay.deliver(moment.mailbox, parameters.count("items"), item_class, last)
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


@answering("sent-mail-deleted", sender="")
async def sent_mail_deleted(moment: Moment, parameters: Parameters) -> Reply:
    """All that the owner sent lies in Deleted Items, under `sender` where one is given."""
    moment.world.overlay.delete_sent(moment.mailbox.lower(), parameters.text("sender"))
    return Reply(moment.sound(), moment.headers)
