using CsCheck;
using Smxp.Host.Delivery;
using Smxp.Plugins.Delivery;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Delivery;

public sealed class CourierTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
    private static readonly TimeSpan Notice = TimeSpan.FromHours(4);

    [Fact]
    public void Acceptance_and_refusal_end_an_entry()
    {
        Assert.Equal(SendStatus.Sent, Courier.Judge(Entry(0), "smxp", new HandOver(HandOverKind.Accepted), Now, Notice).Status);
        OutboxOutcome refused = Courier.Judge(Entry(0), "smxp", new HandOver(HandOverKind.Rejected, new string('x', 5000)), Now, Notice);
        Assert.Equal((SendStatus.Failed, 1000), (refused.Status, refused.Error!.Length));
    }

    [Fact]
    public void Deferral_waits_longer_each_time_and_honours_a_longer_wish()
    {
        Gen.Select(Gen.Int[0, 200], Gen.Int[0, 100_000].Nullable(), Gen.Bool).Sample((attempts, asked, bridged) =>
        {
            OutboxOutcome outcome = Courier.Judge(Entry(attempts), bridged ? "email" : "smxp", new HandOver(HandOverKind.Deferred, "no", asked is { } s ? TimeSpan.FromSeconds(s) : null), Now, Notice);
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
        OutboxOutcome waiting = Courier.Judge(entry, "email", FakeTransport.Later("no"), Now, Notice);
        Assert.Equal((SendStatus.Queued, entry.ExpiresAt), (waiting.Status, waiting.RetryAt!.Value));
        OutboxOutcome over = Courier.Judge(entry, "email", FakeTransport.Later("no"), Now.AddSeconds(100), Notice);
        Assert.Equal((SendStatus.Failed, "gave up after 21 attempts: no"), (over.Status, over.Error));
    }

    [Fact]
    public void Sender_is_told_of_a_delay_when_its_time_has_come()
    {
        long due = Now.ToUnixTimeSeconds() + (4 * 3600);
        OutboxOutcome before = Courier.Judge(Entry(6), "email", FakeTransport.Later("no"), Now.AddHours(3.9), Notice);
        Assert.Equal((due, null), (before.RetryAt!.Value, before.Notice));
        OutboxOutcome then = Courier.Judge(Entry(7), "email", FakeTransport.Later("no"), Now.AddHours(4), Notice);
        Assert.Equal(("no", "delayed: no; will be tried until 2027-01-20 08:00 UTC"), (then.Error, then.Notice));
        Assert.True(then.RetryAt > due);
        // A pause that the other side asked for is kept, and who wants no notices gets none.
        Assert.InRange(Courier.Judge(Entry(0), "email", new HandOver(HandOverKind.Deferred, "no", TimeSpan.FromHours(6)), Now, Notice).RetryAt!.Value, due + 1, due + (3 * 3600));
        Assert.Null(Courier.Judge(Entry(7), "email", FakeTransport.Later("no"), Now.AddHours(50), TimeSpan.Zero).Notice);
    }

    [Fact]
    public void Five_faults_in_a_row_park_an_entry_and_anything_else_between_them_begins_anew()
    {
        var fault = new HandOver(HandOverKind.Faulted, "an internal fault");
        for (int faults = 0; faults < 4; faults++)
        {
            OutboxOutcome again = Courier.Judge(Entry(9) with { Faults = faults }, "email", fault, Now, Notice);
            Assert.Equal((SendStatus.Queued, faults + 1, false), (again.Status, again.Faults, again.Parked));
        }

        Assert.Equal(0, Courier.Judge(Entry(9) with { Faults = 4 }, "email", FakeTransport.Later("no"), Now, Notice).Faults);
        OutboxOutcome parked = Courier.Judge(Entry(9) with { Faults = 4 }, "email", fault, Now, Notice);
        Assert.Equal((SendStatus.Queued, true, "set aside for the operator after 5 faults in a row: an internal fault"), (parked.Status, parked.Parked, parked.Error));
        Assert.Equal("parked: an internal fault, 5 times in a row; it waits for the operator of this server", parked.Notice);
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
