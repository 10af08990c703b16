namespace Smxp.Host.Doctor.Checks;

/// <summary>Whether the server's clock is right: signatures and sign-ins hang on it (SMXP §6).</summary>
internal sealed class ClockCheck : ICheck
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Harmful = TimeSpan.FromMinutes(2);

    public string Name => "Clock";

    public async Task<Finding> RunAsync(Patient patient, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var before = patient.Time.GetUtcNow();
        using var answer = await http.GetAsync(new Uri(patient.Server.BaseAddress, "/.smxp/health"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return Judge(answer.Headers.Date, before, patient.Time.GetUtcNow());
    }

    /// <summary>Compares the server's date (whole seconds) with the time its answer was asked for and came. Pure.</summary>
    internal static Finding Judge(DateTimeOffset? date, DateTimeOffset before, DateTimeOffset after)
    {
        if (date is not { } server) return Finding.Skipped("the server tells no time");
        var skew = server < before.AddSeconds(-1) ? server - before : server > after ? server - after : TimeSpan.Zero;
        string detail = $"the server's clock is {Math.Abs(skew.TotalSeconds):0} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} this machine's";
        const string Mend = "Let both machines keep their time by NTP.";
        return skew.Duration() switch
        {
            var off when off > Harmful => Finding.Failure(detail, Mend),
            var off when off > Noticeable => Finding.Warning(detail, Mend),
            _ => Finding.Ok("agrees with this machine's"),
        };
    }
}
