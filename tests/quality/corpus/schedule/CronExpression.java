package schedule;

import java.time.LocalDateTime;
import java.util.BitSet;

/** Five fields as cron writes them: minute, hour, day of month, month, day of week. */
public final class CronExpression {
    private final BitSet minutes = new BitSet(60);
    private final BitSet hours = new BitSet(24);

    public static CronExpression parse(String text) {
        String[] fields = text.trim().split("\\s+");
        if (fields.length != 5) {
            throw new IllegalArgumentException("five fields are needed: " + text);
        }
        CronExpression expression = new CronExpression();
        fill(expression.minutes, fields[0], 60);
        fill(expression.hours, fields[1], 24);
        return expression;
    }

    private static void fill(BitSet set, String field, int size) {
        if (field.equals("*")) {
            set.set(0, size);
        } else {
            for (String part : field.split(",")) {
                set.set(Integer.parseInt(part));
            }
        }
    }

    public LocalDateTime next(LocalDateTime after) {
        LocalDateTime time = after.plusMinutes(1).withSecond(0);
        while (!minutes.get(time.getMinute()) || !hours.get(time.getHour())) {
            time = time.plusMinutes(1);
        }
        return time;
    }
}
