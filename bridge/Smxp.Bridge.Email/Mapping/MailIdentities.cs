using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Smxp.Bridge.Email.Inbound;
using Smxp.Bridge.Email.Ledger;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>Tells mails apart: by Message-ID and by a hash of everything below the header, which stays the same whichever way a mail comes.</summary>
internal static class MailIdentities
{
    private static ReadOnlySpan<byte> EndOfHeader => "\r\n\r\n"u8;

    public static async Task<MailIdentity> OfAsync(MailDraft draft, MessageSpool mail, CancellationToken cancellationToken)
    {
        string hash = Base64Url.EncodeToString(mail.TryGetMemory(out var bytes) ? SHA256.HashData(BodyOf(bytes.Span)) : await HashAsync(mail, cancellationToken));
        return new MailIdentity(draft.MessageId ?? Derive(draft, hash), hash);
    }

    // Email mapping §3: no Message-ID: one is made from the mail, from what no server changes on the way.
    private static string Derive(MailDraft draft, string contentHash)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{draft.Fingerprint}\n{contentHash}"));
        return $"{Convert.ToHexStringLower(hash.AsSpan(0, 16))}@derived.invalid";
    }

    private static ReadOnlySpan<byte> BodyOf(ReadOnlySpan<byte> mail)
    {
        int end = mail.IndexOf(EndOfHeader);
        return end < 0 ? mail : mail[(end + EndOfHeader.Length)..];
    }

    private static async Task<byte[]> HashAsync(MessageSpool mail, CancellationToken cancellationToken)
    {
        await using var stream = mail.OpenRead();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[65536];
        bool inBody = false;
        int kept = 0; // the end of the last piece, in which the end of the header may begin
        int read;
        while ((read = await stream.ReadAsync(buffer.AsMemory(kept), cancellationToken)) > 0)
        {
            var piece = buffer.AsMemory(0, kept + read);
            kept = 0;
            if (!inBody)
            {
                int end = piece.Span.IndexOf(EndOfHeader);
                inBody = end >= 0;
                if (!inBody)
                {
                    kept = Math.Min(EndOfHeader.Length - 1, piece.Length);
                    piece[^kept..].CopyTo(buffer);
                    continue;
                }

                piece = piece[(end + EndOfHeader.Length)..];
            }

            hash.AppendData(piece.Span);
        }

        return hash.GetHashAndReset();
    }
}
