using MimeKit;
using Smxp.Bridge.Email.Inbound;

namespace Smxp.Bridge.Email.Mapping;

/// <summary>
/// Keeps out mail made to cost: each part and each field of a parsed mail is an object of hundreds of bytes, and a stranger can write one in five.
/// Mail over a size is first read by an event parser, which holds nothing, and refused where it has too many.
/// </summary>
internal sealed class MimeLimits : MimeReader
{
    public const int MaxParts = 1000;
    public const int MaxFields = 10_000;

    // Below this, even the worst mail costs a few megabytes for a moment.
    private const int Harmless = 64 * 1024;

    private int _parts;
    private int _fields;

    private MimeLimits(Stream mail)
        : base(mail, MimeFormat.Entity)
    {
    }

    public static bool IsTooComplex(MessageSpool mail)
    {
        if (mail.Length <= Harmless) return false;
        using var source = mail.OpenRead();
        try
        {
            new MimeLimits(source).ReadMessage(CancellationToken.None);
            return false;
        }
        catch (TooComplexException)
        {
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    protected override void OnHeaderRead(Header header, int beginLineNumber, CancellationToken cancellationToken) => Count(ref _fields, MaxFields);

    protected override void OnMimePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Count(ref _parts, MaxParts);

    protected override void OnMessagePartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Count(ref _parts, MaxParts);

    protected override void OnMultipartBegin(ContentType contentType, long beginOffset, int beginLineNumber, CancellationToken cancellationToken) =>
        Count(ref _parts, MaxParts);

    private static void Count(ref int counter, int limit)
    {
        if (++counter > limit) throw new TooComplexException();
    }

    // The reader offers no other way to stop; it never leaves this class.
    private sealed class TooComplexException : Exception;
}
