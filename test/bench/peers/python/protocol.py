"""The child's side of the protocol in ../../protocol.ts."""

import json
import resource
import sys
import time


def say(line):
    print(json.dumps(line), flush=True)


def peak_memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def serve(load):
    """load() answers with a note and a function for one iteration, which answers with its value."""
    try:
        note, iterate = load()
        say({"ready": note})
        for line in sys.stdin:
            count = int(line)
            start, before = time.perf_counter(), time.process_time()
            values = [iterate() for _ in range(count)]
            seconds, cpu = time.perf_counter() - start, time.process_time() - before
            say({"seconds": seconds, "cpu": cpu, "values": values, "rss": peak_memory()})
    except Exception as error:
        say({"failed": (str(error) or type(error).__name__).split("\n")[0]})
        sys.exit(1)
