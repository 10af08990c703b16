using Smxp.Mail.Smtp;
using Smxp.Mail.Smtp.Replies;

namespace Smxp.Bridge.Email.Inbound;

/// <summary>Whether the disk has room for another mail. Spools lie beside the databases, and strangers must not fill it for them.</summary>
/// <param name="directory">Where the spools are; it exists.</param>
/// <param name="keptFree">Bytes that stay free; 0 not to look.</param>
internal sealed class SpoolSpace(string directory, long keptFree)
{
    /// <summary>Why a mail is not taken now (RFC 1870 §6.1); null where it is.</summary>
    public SmtpReply? RefusalOf(SmtpTransaction transaction) =>
        keptFree > 0 && Free() is { } free && free - (transaction.AnnouncedSize ?? 0) < keptFree ? SmtpReply.OutOfSpace : null;

    private long? Free()
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(directory)! : directory).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Not every file system says.
            return null;
        }
    }
}
