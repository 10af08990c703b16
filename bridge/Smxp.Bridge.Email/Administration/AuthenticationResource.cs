using Smxp.Bridge.Email.Ledger;
using Smxp.Mail.Authentication.Results;
using Smxp.Plugins.Bridge;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Administration;

/// <summary><c>GET messages/{id}/authentication</c>, for the mailbox: all that was found out about a mail's origin. It is read from the Authentication-Results line of the mail's trace.</summary>
internal sealed class AuthenticationResource(MailRecords mails) : IResource
{
    public async ValueTask<BridgeAnswer?> TryAnswerAsync(BridgeCall call, CancellationToken cancellationToken) =>
        call is { Method: "GET", Mailbox: { } mailbox, Segments: ["messages", var id, "authentication"] } ? await FindAsync(mailbox, id, cancellationToken) : null;

    private async Task<BridgeAnswer> FindAsync(Address mailbox, string id, CancellationToken cancellationToken)
    {
        if (await mails.GetAsync(mailbox, id, cancellationToken) is not { } record) return BridgeAnswer.NotFound("no such mail");
        if (record.Results is not { } text || !AuthenticationResults.TryParse(text, out var results)) return BridgeAnswer.NotFound("nobody asked where this mail came from");
        return BridgeAnswer.Found(new
        {
            results.AuthservId,
            Results = results.Results.Select(static result => new
            {
                result.Method,
                result.Result,
                result.Reason,
                Properties = result.Properties.GroupBy(static property => $"{property.Type}.{property.Name}").ToDictionary(static group => group.Key, static group => group.First().Value),
            }),
        });
    }
}
