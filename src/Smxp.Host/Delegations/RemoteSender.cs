using System.Text.Json;
using Smxp.Host.Errors;
using Smxp.Host.Federation;
using Smxp.Host.Mail;
using Smxp.Protocol;

namespace Smxp.Host.Delegations;

/// <inheritdoc cref="IRemoteSender"/>
internal sealed class RemoteSender(RemoteRequestSigner signer, TimeProvider time) : IRemoteSender
{
    private const int LongestAnswer = 256 * 1024;

    public async Task<SendOutcome> SendAsync(Submission submission, CancellationToken cancellationToken)
    {
        if (submission.OnBehalfOf is null) return Refused(Rejection.Forbidden("only a delegate can send for an owner on another server"));
        if (submission.Attachments.Count > 0) return Refused(Rejection.Malformed("attachments cannot be sent for an owner on another server"));
        // One conversation per call, however many recipients the owner's server is asked for.
        string conversation = submission.ConversationId ?? Guid.NewGuid().ToString();
        var results = new List<SendResult>();
        Rejection? first = null;
        foreach (Address to in submission.To)
        {
            (Rejection? rejection, SendResult? result) = await SendAsync(submission, to, conversation, cancellationToken);
            first ??= rejection;
            results.Add(result ?? new SendResult("failed", to.ToString(), "", conversation, rejection!.Error));
        }
        return first is not null && results.TrueForAll(result => result.Status == "failed") ? Refused(first) : new SendOutcome(null, results);
    }

    private async Task<(Rejection? Rejection, SendResult? Result)> SendAsync(Submission submission, Address to, string conversation, CancellationToken cancellationToken)
    {
        var members = new Dictionary<string, JsonElement?>
        {
            ["from"] = Text(submission.From.ToString()),
            ["to"] = Text(to.ToString()),
            ["delegator"] = Text(submission.OnBehalfOf!.ToString()),
            ["timestamp"] = JsonSerializer.SerializeToElement(time.GetUtcNow().ToUnixTimeSeconds()),
            ["name"] = Text(submission.Name),
            ["subject"] = Text(submission.Subject),
            ["body"] = Text(submission.Body),
            ["expires"] = submission.Expires is { } expires ? JsonSerializer.SerializeToElement(expires) : null,
            ["type"] = Text(submission.Type),
            ["conversation_id"] = Text(conversation),
            ["in_reply_to"] = Text(submission.InReplyTo),
            ["content_type"] = Text(submission.ContentType),
        };
        // The order in which the reference verifies.
        (Rejection? rejection, HttpResponseMessage? response) = await signer.PostAsync(
            submission.OnBehalfOf, submission.From, "/.smxp/delegate-send", members, SignedRequest.DelegateSendSchemaOrder, cancellationToken);
        if (rejection is not null) return (rejection, null);
        using (response)
        {
            if (!response!.IsSuccessStatusCode) return (await RemoteRequestSigner.RefusalAsync(response, cancellationToken), null);
            byte[]? body = await BoundedContent.ReadAsync(response.Content, LongestAnswer, cancellationToken);
            return (null, Read(body, to.ToString(), conversation));
        }
    }

    // The request was accepted; an answer that says more than that is welcome, one that does not is no failure.
    private static SendResult Read(byte[]? body, string to, string conversation)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            JsonElement result = json.RootElement.GetProperty("result");
            if (result.ValueKind == JsonValueKind.Array) result = result[0];
            SendResult? sent = result.Deserialize(FederationJson.Default.SendResult);
            if (sent is not null) return new SendResult(sent.Status ?? "sent", sent.To ?? to, sent.Id ?? "", sent.ConversationId ?? conversation, sent.Error);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
        }
        return new SendResult("sent", to, "", conversation);
    }

    private static JsonElement? Text(string? text) => string.IsNullOrEmpty(text) ? null : JsonSerializer.SerializeToElement(text);

    private static SendOutcome Refused(Rejection rejection) => new(rejection, []);
}
