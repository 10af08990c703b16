using System.Globalization;
using System.Text;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Routing;

/// <summary>The choices on record, <c>deliver/{address}</c>: a word and the time. Read each time, so that every node knows at once.</summary>
internal sealed class DeliveryChoices(IBridgeState state)
{
    private const string Prefix = "deliver/";
    private const int Page = 500;

    public async ValueTask<DeliveryChoice?> FindAsync(Address address, CancellationToken cancellationToken) =>
        await state.GetAsync(EmailBridge.BridgeName, null, Key(address), cancellationToken) is { } value ? Read(value) : null;

    public Task SetAsync(Address address, DeliveryChoice choice, CancellationToken cancellationToken)
    {
        string value = string.Create(CultureInfo.InvariantCulture, $"{Word(choice.To)} {choice.Since}");
        return state.PutAsync([new BridgeRecord(EmailBridge.BridgeName, null, Key(address), Encoding.UTF8.GetBytes(value))], cancellationToken);
    }

    /// <summary>All of them, by address.</summary>
    public async IAsyncEnumerable<(string Address, DeliveryChoice Choice)> ListAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        IReadOnlyList<BridgeRecord> page;
        do
        {
            page = await state.ListAsync(EmailBridge.BridgeName, null, Prefix, after, Page, cancellationToken);
            foreach (var record in page)
            {
                if (Read(record.Value) is { } choice) yield return (record.Key[Prefix.Length..], choice);
                after = record.Key;
            }
        }
        while (page.Count == Page);
    }

    public static string Word(DeliverTo to) => to switch { DeliverTo.Both => "both", DeliverTo.Email => "email", _ => "smxp" };

    public static DeliverTo? Parse(string? word) => word switch { "smxp" => DeliverTo.Smxp, "email" => DeliverTo.Email, "both" => DeliverTo.Both, _ => null };

    private static string Key(Address address) => $"{Prefix}{address}";

    private static DeliveryChoice? Read(byte[] value) =>
        Encoding.UTF8.GetString(value).Split(' ') is [var word, var seconds] && Parse(word) is { } to && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long since)
            ? new DeliveryChoice(to, since)
            : null;
}
