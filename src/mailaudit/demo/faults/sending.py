"""Faults of how an answer is sent: late, cut off, too slow, too large, or twice."""

import asyncio
import contextlib
import functools
import socket
import struct
import zlib

from aiohttp import web

from mailaudit.demo.ews.envelope import fault_answer
from mailaudit.demo.ews.exchange import Answer
from mailaudit.demo.ews.schema import Fault
from mailaudit.demo.faults.kinds import Moment, answering
from mailaudit.demo.faults.rule import Parameters
from mailaudit.demo.listener import Reply, send_whole

_AFTER_S = 0.02  # so that the answer leaves before the reset
_PIECE = 1 << 16
_RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close at once, with RST


@answering("latency", delay_ms=2000)
async def latency(moment: Moment, parameters: Parameters) -> Reply:
    """The sound answer, held back."""
    await asyncio.sleep(parameters.number("delay_ms") / 1000)
    return Reply(moment.sound(), moment.headers)


def _reset(request: web.BaseRequest) -> None:
    """Breaks the connection."""
    if request.transport is None:
        return
    connection = request.transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    request.transport.abort()


@answering("reset-before")
async def reset_before(moment: Moment, parameters: Parameters) -> Reply:
    """No answer: the connection is reset."""

    async def send(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        _reset(request)
        return web.Response()

    return Reply(Answer(0, b"", moment.operation, moment.mailbox), send=send)


@answering("reset-inside")
async def reset_inside(moment: Moment, parameters: Parameters) -> Reply:
    """Half of the sound answer, then a reset."""

    async def send(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        body = reply.answer.body
        response = web.StreamResponse(headers=reply.headers)
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        await asyncio.sleep(_AFTER_S)
        _reset(request)
        return response

    return Reply(moment.sound(), moment.headers, send=send)


@answering("reset-after")
async def reset_after(moment: Moment, parameters: Parameters) -> Reply:
    """The sound answer, then a reset of the connection it came on."""

    async def send(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        response = await send_whole(request, reply)
        await response.prepare(request)
        await response.write_eof()
        await asyncio.sleep(_AFTER_S)
        _reset(request)
        return response

    return Reply(moment.sound(), moment.headers, send=send)


@answering("stray-answer", status=500, delay_ms=0)
async def stray_answer(moment: Moment, parameters: Parameters) -> Reply:
    """An error, and then the sound answer as well, which nobody waits for any more.

    A client that keeps the connection takes it for the answer to the next request, and so on.
    """
    body = moment.sound().body
    lines = "".join(f"{name}: {value}\r\n" for name, value in moment.headers.items())
    second = f"HTTP/1.1 200 OK\r\n{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body

    async def send(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        response = await send_whole(request, reply)
        await response.prepare(request)
        await response.write_eof()
        after_s = parameters.number("delay_ms") / 1000
        asyncio.get_running_loop().call_later(after_s, _write, request, second)
        return response

    error = fault_answer(Fault("ErrorInternalServerError", "An internal server error occurred."))
    reply = moment.reply(parameters.count("status"), error)
    reply.send = send
    return reply


def _write(request: web.BaseRequest, raw: bytes) -> None:
    """Bytes beside all that HTTP knows of, while the connection stands."""
    if request.transport is not None and not request.transport.is_closing():
        request.transport.write(raw)


@answering("slow-drip", seconds=60.0, pieces=60)
async def slow_drip(moment: Moment, parameters: Parameters) -> Reply:
    """The sound answer in small pieces, far between."""

    async def send(request: web.BaseRequest, reply: Reply) -> web.StreamResponse:
        body, pieces = reply.answer.body, max(1, parameters.count("pieces"))
        size = -(-len(body) // pieces)
        response = web.StreamResponse(headers=reply.headers)
        response.content_length = len(body)
        with contextlib.suppress(ConnectionError):  # the client may have lost patience
            await response.prepare(request)
            for start in range(0, len(body), size):
                await response.write(body[start : start + size])
                await asyncio.sleep(parameters.number("seconds") / pieces)
        return response

    return Reply(moment.sound(), moment.headers, send=send)


@answering("huge", megabytes=1024, declared=False, gzip=False)
async def huge(moment: Moment, parameters: Parameters) -> Reply:
    """An answer that begins as the sound one and goes on with blanks.

    Its length is announced where `declared`; with `gzip` few bytes are sent.
    """
    reply = Reply(moment.sound(), moment.headers)
    if parameters.flag("gzip"):
        reply.headers["Content-Encoding"] = "gzip"
    reply.send = functools.partial(_send_huge, parameters)
    return reply


async def _send_huge(
    parameters: Parameters, request: web.BaseRequest, reply: Reply
) -> web.StreamResponse:
    body, blanks = reply.answer.body, b" " * _PIECE
    pieces = parameters.count("megabytes") * (1 << 20) // _PIECE
    packer = zlib.compressobj(wbits=31) if parameters.flag("gzip") else None
    response = web.StreamResponse(headers=reply.headers)
    if parameters.flag("declared") and packer is None:
        response.content_length = len(body) + pieces * _PIECE
    with contextlib.suppress(ConnectionError):  # the client may have seen enough
        await response.prepare(request)
        await response.write(packer.compress(body) if packer else body)
        for _ in range(pieces):
            piece = packer.compress(blanks) if packer else blanks
            if piece:
                await response.write(piece)
            await asyncio.sleep(0)
        if packer:
            await response.write(packer.flush())
    return response
