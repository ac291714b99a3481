"""Streams read as vLLM's own benchmark reads them: aiohttp, one task a stream, json.loads for each event.

aiohttp_streams.py PORT STREAMS SPREAD_S HOLD_S MODEL
"""

import asyncio
import json
import sys
import time

import aiohttp


async def one_stream(session, url, body, ttfts):
    started = time.perf_counter()
    first = True
    async with session.post(url, json=body) as response:
        rest = ""
        async for chunk in response.content.iter_any():
            read_at = time.perf_counter()
            rest += chunk.decode("utf-8")
            *events, rest = rest.split("\n\n")
            for event in events:
                data = event.removeprefix("data: ")
                if data == "[DONE]":
                    continue
                choices = json.loads(data)["choices"]
                if choices and choices[0]["delta"].get("content") and first:
                    ttfts.append((read_at - started) * 1000)
                    first = False


async def main():
    port, streams, spread, hold, model = sys.argv[1:6]
    streams, spread, hold = int(streams), float(spread), float(hold)
    url = f"http://127.0.0.1:{port}/v1/chat/completions"
    body = {"model": model, "stream": True, "messages": [{"role": "user", "content": "hi"}]}
    ttfts = []
    until = time.perf_counter() + spread + hold

    async def user(number):
        await asyncio.sleep(spread * number / streams)
        while time.perf_counter() < until:
            await one_stream(session, url, body, ttfts)

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=600)) as session:
        await asyncio.gather(*(user(number) for number in range(streams)))
    ttfts.sort()
    print(json.dumps({"ttft": {"mean": sum(ttfts) / len(ttfts), "p99": ttfts[int(len(ttfts) * 0.99)]}}))


asyncio.run(main())
