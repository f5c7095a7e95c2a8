package schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Jobs by the moment they are due; a worker leases one and must confirm it before the lease runs out. */
public class JobQueue {
    record Job(String id, Instant due, int failures) {}

    private final PriorityQueue<Job> waiting = new PriorityQueue<>((a, b) -> a.due().compareTo(b.due()));

    public synchronized void submit(String id, Instant due) {
        waiting.add(new Job(id, due, 0));
    }

    public synchronized Job lease(Instant now) {
        Job first = waiting.peek();
        return first != null && !first.due().isAfter(now) ? waiting.poll() : null;
    }

    public synchronized void failed(Job job, Instant now) {
        Duration pause = Duration.ofSeconds(1L << Math.min(job.failures(), 10));
        waiting.add(new Job(job.id(), now.plus(pause), job.failures() + 1));
    }
}
