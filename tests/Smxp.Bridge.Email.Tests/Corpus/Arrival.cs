using System.Text;
using Smxp.Client.Mail;

namespace Smxp.Bridge.Email.Tests.Corpus;

/// <summary>What a mail of the corpus became.</summary>
/// <param name="Mail">The mail.</param>
/// <param name="Row">The message.</param>
/// <param name="Original">What is served as its original.</param>
/// <param name="Files">Its attachments, fetched and decrypted.</param>
/// <param name="Forwarded">The email that leaves when its owner forwards it.</param>
internal sealed record Arrival(CorpusMail Mail, MessageRow Row, byte[] Original, IReadOnlyList<ArrivedFile> Files, byte[] Forwarded)
{
    public bool IsForwardedAsItCame => Encoding.Latin1.GetString(Forwarded).Contains(Encoding.Latin1.GetString(Mail.Bytes), StringComparison.Ordinal);
}

/// <summary>An attachment's name and content.</summary>
internal sealed record ArrivedFile(string? Name, byte[] Content);
