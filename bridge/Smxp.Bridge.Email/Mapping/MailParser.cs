using MimeKit;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>How mail is parsed: leniently, to a bounded depth, its contents left where they are.</summary>
internal static class MailParser
{
    /// <summary>Deeper parts are taken as they are, undivided.</summary>
    public const int MaxDepth = 32;

    /// <summary>How leniently, and how deep.</summary>
    public static readonly ParserOptions Options = new() { MaxMimeDepth = MaxDepth, MaxAddressGroupDepth = 3 };

    /// <summary>Parses a mail. Contents are read from the stream when they are asked for, so it must stay open.</summary>
    public static MimeMessage Parse(Stream mail)
    {
        try
        {
            return new MimeKit.MimeParser(Options, mail, MimeFormat.Entity, persistent: true).ParseMessage();
        }
        catch (FormatException)
        {
            // Bytes without a header are a mail all the same: one whose whole text is unknown to us.
            return new MimeMessage();
        }
    }
}
