using Smxp.Host.Errors;
using Smxp.Plugins.Content;
using Smxp.Plugins.Host;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>What a submission must be before anything is looked up for it.</summary>
internal sealed class SubmissionRules(IContentTypes contentTypes)
{
    public const int MostRecipients = 100;
    public const int MostAttachments = 100;
    private const int LongestName = 256;
    private const int LongestId = 256;

    /// <summary>Null where it may go on, otherwise what is wrong in words for its sender.</summary>
    public Rejection? Check(Submission submission, long now) => (Shape(submission) ?? Times(submission, now) ?? Body(submission)) is { } wrong ? Rejection.Malformed(wrong) : null;

    private static string? Shape(Submission submission)
    {
        if (submission.To.Count == 0) return "at least one recipient is required";
        if (submission.To.Count > MostRecipients) return $"at most {MostRecipients} recipients are allowed";
        if (submission.Attachments.Count > MostAttachments) return $"at most {MostAttachments} attachments are allowed";
        if (!EnvelopeType.IsKnown(submission.Type)) return "type must be message, edit, delete or receipt";
        if (submission.ConversationId is { } conversation && (string.IsNullOrWhiteSpace(conversation) || conversation.Length > LongestId))
            return $"conversation_id must not be blank or longer than {LongestId} characters";
        if (submission.Name is { Length: > LongestName }) return $"name must not be longer than {LongestName} characters";
        if (submission.InReplyTo is { Length: > LongestId }) return $"in_reply_to must not be longer than {LongestId} characters";
        if (submission.Type is EnvelopeType.Edit or EnvelopeType.Delete && string.IsNullOrEmpty(submission.InReplyTo))
            return $"in_reply_to must name the message to {submission.Type}";
        if (submission.Type is not EnvelopeType.Message && submission.ConversationId is null) return $"conversation_id is required for {submission.Type}";
        return null;
    }

    private static string? Times(Submission submission, long now) => submission.Expires switch
    {
        < 0 => "expires must not be negative",
        { } expires when expires < now => "expires is in the past",
        _ => null,
    };

    private string? Body(Submission submission)
    {
        if (contentTypes.TryGet(submission.ContentType, out IContentType? contentType))
            return submission.Body is { Length: > 0 } body ? contentType.Validate(body) : null;
        string name = submission.ContentType is { Length: > 64 } ? submission.ContentType[..64] : submission.ContentType;
        return $"unknown content_type '{name}', known are {string.Join(", ", contentTypes.Names)}";
    }
}
