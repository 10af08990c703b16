using Smxp.Host.Stream;

namespace Smxp.Host.Tests.Stream;

public sealed class WakeupTests
{
    [Fact]
    public async Task Gathers_reasons_while_nobody_waits()
    {
        var wakeup = new Wakeup();
        wakeup.Set(WakeReasons.Changed);
        wakeup.Set(WakeReasons.KeepAlive);
        Assert.Equal(WakeReasons.Changed | WakeReasons.KeepAlive, await wakeup.WaitAsync());
        ValueTask<WakeReasons> waiting = wakeup.WaitAsync();
        Assert.False(waiting.IsCompleted);
        wakeup.Set(WakeReasons.End);
        Assert.Equal(WakeReasons.End, await waiting);
    }

    [Fact]
    public async Task Loses_no_reason_to_a_race()
    {
        var wakeup = new Wakeup();
        int rounds = 20_000, next = 0, seen = 0;
        Task setting = Task.Run(() =>
        {
            for (int i = 1; i <= rounds; i++)
            {
                Volatile.Write(ref next, i);
                wakeup.Set(WakeReasons.Changed);
            }
        });
        while (seen < rounds)
        {
            await wakeup.WaitAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            seen = Volatile.Read(ref next);
        }

        await setting;
    }
}
