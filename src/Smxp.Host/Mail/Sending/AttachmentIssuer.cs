using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Host.Errors;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Mail.Sending;

/// <summary>Turns the blobs a sender names into attachments, with a download token of its own for each recipient (SMXP §8, §10).</summary>
internal sealed class AttachmentIssuer(IStateStore state)
{
    /// <summary>The attachments for each recipient in turn, or what is wrong. The tokens open nothing until <see cref="RecordAsync"/>.</summary>
    public async ValueTask<(Rejection? Rejection, IssuedAttachments Issued)> IssueAsync(Submission submission, long now, CancellationToken cancellationToken)
    {
        if (submission.Attachments.Count == 0) return (null, IssuedAttachments.None);
        List<(SubmittedAttachment Wanted, BlobRecord Blob)> files = [];
        foreach (SubmittedAttachment wanted in submission.Attachments)
        {
            if (Check(wanted) is { } wrong) return (Rejection.Malformed(wrong), IssuedAttachments.None);
            BlobRecord? blob = await state.Blobs.FindAsync(wanted.BlobId, cancellationToken);
            // Somebody else's blob and none at all look the same.
            if (blob is null || (blob.Owner != submission.From && blob.Owner != submission.OnBehalfOf)) return (Rejection.Malformed($"attachment {wanted.BlobId}: no such blob"), IssuedAttachments.None);
            if (blob.FinalizedAt is null) return (Rejection.Malformed($"attachment {wanted.BlobId}: the upload is not finalized"), IssuedAttachments.None);
            files.Add((wanted, blob));
        }

        List<BlobToken> tokens = [];
        List<IReadOnlyList<Attachment>> perRecipient = [];
        foreach (Address recipient in submission.To)
        {
            perRecipient.Add([.. files.Select(file => Issue(submission, file.Wanted, file.Blob, recipient, now, tokens))]);
        }

        // They differ only in their tokens.
        foreach (Attachment attachment in perRecipient.FirstOrDefault() ?? [])
        {
            if (attachment.FindProblem() is { } problem) return (Rejection.Malformed($"attachment {attachment.BlobId}: {problem}"), IssuedAttachments.None);
        }

        return (null, new IssuedAttachments(perRecipient, tokens));
    }

    /// <summary>Makes the tokens count. State may live in another database than messages, so this comes before the commit: a token nobody was sent harms nothing.</summary>
    public Task RecordAsync(IssuedAttachments issued, CancellationToken cancellationToken) =>
        issued.Tokens.Count == 0 ? Task.CompletedTask : state.Blobs.Tokens.AddAsync(issued.Tokens, cancellationToken);

    private static Attachment Issue(Submission submission, SubmittedAttachment wanted, BlobRecord blob, Address recipient, long now, List<BlobToken> tokens)
    {
        string token = "blt_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        tokens.Add(new BlobToken(Guid.CreateVersion7().ToString(), blob.Id, SHA256.HashData(Encoding.UTF8.GetBytes(token)), recipient.ToString(), now, null));
        return new Attachment
        {
            BlobId = blob.Id,
            Host = blob.Owner.Domain,
            Sha256 = blob.Sha256,
            Size = blob.Size,
            Name = wanted.Name ?? blob.Name,
            ContentType = wanted.ContentType ?? blob.ContentType,
            Disposition = wanted.Disposition,
            DownloadToken = token,
            Encryption = wanted.Encryption,
            Thumbnail = wanted.Thumbnail,
        };
    }

    private static string? Check(SubmittedAttachment? wanted) => wanted switch
    {
        null or { BlobId: null or "" or { Length: > 128 } } => "attachment: blob_id is required",
        { Disposition: not (null or "attachment" or "inline" or "embedded") } => $"attachment {wanted.BlobId}: disposition must be attachment, inline or embedded",
        { Encryption.Algorithm: not BlobEncryption.Aes256Gcm } => $"attachment {wanted.BlobId}: encryption.algorithm must be {BlobEncryption.Aes256Gcm}",
        _ => null,
    };
}

/// <summary>Attachments by recipient, and the tokens that open them.</summary>
internal sealed record IssuedAttachments(IReadOnlyList<IReadOnlyList<Attachment>> PerRecipient, IReadOnlyList<BlobToken> Tokens)
{
    public static readonly IssuedAttachments None = new([], []);

    /// <summary>The attachments for the recipient at this place.</summary>
    public IReadOnlyList<Attachment> For(int recipient) => PerRecipient.Count == 0 ? [] : PerRecipient[recipient];
}
