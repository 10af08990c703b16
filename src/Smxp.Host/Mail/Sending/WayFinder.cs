using Smxp.Host.Configuration;
using Smxp.Host.Delivery;
using Smxp.Host.Mail.Routing;
using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>Tells local recipients from those elsewhere, and for those the way they will take, as far as that is known at once.</summary>
internal sealed partial class WayFinder(LocalDirectory directory, Exits exits, SmxpOptions options, TimeProvider time, ILogger<WayFinder> logger)
{
    private static readonly IReadOnlyDictionary<Address, string?> NoneRemote = new Dictionary<Address, string?>();

    /// <summary>The recipients elsewhere with the name of their transport; null where it could not be found out in time, or there is none: the outbox will see.</summary>
    public async ValueTask<IReadOnlyDictionary<Address, string?>> FindAsync(IReadOnlyList<Address> recipients, CancellationToken cancellationToken)
    {
        List<Address>? remote = null;
        foreach (Address recipient in recipients)
        {
            if (!await directory.IsLocalAsync(recipient.Domain, cancellationToken)) (remote ??= []).Add(recipient);
        }

        if (remote is null) return NoneRemote;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), patience, Patience, Timeout.InfiniteTimeSpan);
        string?[] transports = await Task.WhenAll(remote.Select(recipient => FindAsync(recipient, patience.Token)));
        return remote.Zip(transports).ToDictionary(static pair => pair.First, static pair => pair.Second);
    }

    /// <summary>How long a message by this transport waits before its first attempt.</summary>
    public TimeSpan HoldTimeOf(string transport) => exits.HoldTimeOf(transport);

    private TimeSpan Patience => TimeSpan.FromMilliseconds(Math.Max(250, options.Federation.FirstAttemptMilliseconds));

    private async Task<string?> FindAsync(Address recipient, CancellationToken cancellationToken)
    {
        try
        {
            return (await exits.ChooseAsync(recipient, cancellationToken)) is { Kind: ReachKind.Yes, Transport: { } transport } ? transport.Name : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception fault)
        {
            LogFault(fault, recipient.Domain);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Finding the way to {Domain} failed unexpectedly")]
    private partial void LogFault(Exception fault, string domain);
}
