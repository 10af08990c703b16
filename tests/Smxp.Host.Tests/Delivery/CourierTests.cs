using CsCheck;
using Smxp.Host.Delivery;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Delivery;

public sealed class CourierTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Fact]
    public void Acceptance_and_refusal_end_an_entry()
    {
        Assert.Equal(SendStatus.Sent, Courier.Judge(Entry(0), "smxp", new HandOver(HandOverKind.Accepted), Now).Status);
        OutboxOutcome refused = Courier.Judge(Entry(0), "smxp", new HandOver(HandOverKind.Rejected, new string('x', 5000)), Now);
        Assert.Equal((SendStatus.Failed, 1000), (refused.Status, refused.Error!.Length));
    }

    [Fact]
    public void Deferral_waits_longer_each_time_and_honours_a_longer_wish()
    {
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 100_000].Nullable(), Gen.Bool).Sample((attempts, asked, bridged) =>
        {
            OutboxOutcome outcome = Courier.Judge(Entry(attempts), bridged ? "email" : "smxp", new HandOver(HandOverKind.Deferred, "no", asked is { } s ? TimeSpan.FromSeconds(s) : null), Now);
            long delay = outcome.RetryAt!.Value - Now.ToUnixTimeSeconds();
            return outcome.Status == SendStatus.Queued && delay >= 1 && delay <= 86_400 && delay >= Math.Min(asked ?? 0, 86_400);
        });
    }

    [Fact]
    public void Schedule_is_that_of_mail_with_two_quick_steps_before_for_smxp()
    {
        int[] mail = [60, 300, 900, 1800, 3600, 7200, 14400, 14400];
        for (int i = 0; i < mail.Length; i++)
        {
            Assert.InRange(RetrySchedule.DelayAfter(i, "email", null).TotalSeconds, mail[i] * 0.9, mail[i] * 1.11);
            Assert.InRange(RetrySchedule.DelayAfter(i + 2, "smxp", null).TotalSeconds, mail[i] * 0.9, mail[i] * 1.11);
        }

        Assert.InRange(RetrySchedule.DelayAfter(0, "smxp", null).TotalSeconds, 4.5, 5.6);
        Assert.InRange(RetrySchedule.DelayAfter(1, "smxp", null).TotalSeconds, 27, 33.5);
    }

    [Fact]
    public void Last_attempt_comes_when_the_time_is_up()
    {
        OutboxEntry entry = Entry(20) with { ExpiresAt = Now.ToUnixTimeSeconds() + 100 };
        OutboxOutcome waiting = Courier.Judge(entry, "email", FakeTransport.Later("no"), Now);
        Assert.Equal((SendStatus.Queued, entry.ExpiresAt), (waiting.Status, waiting.RetryAt!.Value));
        OutboxOutcome over = Courier.Judge(entry, "email", FakeTransport.Later("no"), Now.AddSeconds(100));
        Assert.Equal((SendStatus.Failed, "gave up after 21 attempts: no"), (over.Status, over.Error));
    }

    [Fact]
    public void Five_faults_in_a_row_park_an_entry_and_anything_else_between_them_begins_anew()
    {
        var fault = new HandOver(HandOverKind.Faulted, "an internal fault");
        for (int faults = 0; faults < 4; faults++)
        {
            OutboxOutcome again = Courier.Judge(Entry(9) with { Faults = faults }, "email", fault, Now);
            Assert.Equal((SendStatus.Queued, faults + 1, false), (again.Status, again.Faults, again.Parked));
        }

        Assert.Equal(0, Courier.Judge(Entry(9) with { Faults = 4 }, "email", FakeTransport.Later("no"), Now).Faults);
        OutboxOutcome parked = Courier.Judge(Entry(9) with { Faults = 4 }, "email", fault, Now);
        Assert.Equal((SendStatus.Failed, true, "set aside for the operator after 5 faults in a row: an internal fault"), (parked.Status, parked.Parked, parked.Error));
    }

    private static OutboxEntry Entry(int attempts) => new()
    {
        Id = "1",
        MessageId = "m",
        Recipient = Address.Parse("bob@far.test"),
        Destination = "far.test",
        Envelope = ReadOnlyMemory<byte>.Empty,
        Attempts = attempts,
        DueAt = Now.ToUnixTimeSeconds(),
        CreatedAt = Now.ToUnixTimeSeconds(),
        ExpiresAt = Now.ToUnixTimeSeconds() + (120 * 3600),
    };
}
