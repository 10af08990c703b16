using System.Diagnostics.Metrics;

namespace Smxp.Host.Telemetry;

/// <summary>The server's own numbers, meter <c>Smxp</c>. Instruments are made here, so that one page shows all there are; labels never hold addresses or other things strangers choose.</summary>
internal sealed class SmxpMetrics(IMeterFactory factory)
{
    public const string MeterName = "Smxp";

    private readonly Meter _meter = factory.Create(MeterName);

    /// <summary>For what a folder counts by itself.</summary>
    public Meter Meter => _meter;

    private Counter<long>? _received;
    private Counter<long>? _sent;
    private Counter<long>? _handOvers;

    /// <summary>Envelopes that came in from other servers, by outcome.</summary>
    public void Received(string outcome) => (_received ??= _meter.CreateCounter<long>("smxp.received", "{message}", "Envelopes from other servers")).Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Messages that clients sent, by outcome.</summary>
    public void Sent(string outcome) => (_sent ??= _meter.CreateCounter<long>("smxp.sent", "{message}", "Messages sent by clients")).Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>Attempts to hand a message over, by transport and outcome.</summary>
    public void HandedOver(string transport, string outcome) =>
        (_handOvers ??= _meter.CreateCounter<long>("smxp.outbox.attempts", "{attempt}", "Attempts to hand a message over")).Add(1, new("transport", transport), new("outcome", outcome));
}
