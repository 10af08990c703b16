using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Smxp.Testing;

/// <summary>Waits for what happens soon: polls until it holds, and fails the test when it does not within the time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (within ?? Patience)) throw new TimeoutException($"Never came true: {what}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task TrueAsync(Func<bool> condition, TimeSpan? within = null, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        TrueAsync(() => Task.FromResult(condition()), within, what);

    /// <summary>Waits until there is something, and answers it.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> get, TimeSpan? within = null, [CallerArgumentExpression(nameof(get))] string what = "")
        where T : class
    {
        T? found = null;
        await TrueAsync(async () => (found = await get()) is not null, within, what);
        return found!;
    }
}
