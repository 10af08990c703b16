using System.Globalization;
using System.Text.Json;
using Smxp.Plugins.Delivery;

namespace Smxp.Host.Mail.Sending;

/// <summary>Losses, in words for the sender.</summary>
internal static class LossWords
{
    public static string Of(Loss loss) => (loss.Kind, loss.Degree) switch
    {
        (LossKind.Edit, LossDegree.Changed) => "a later edit arrives as a second message that replaces the first",
        (LossKind.Edit, _) => "it cannot be edited once it has left",
        (LossKind.Delete, LossDegree.Changed) => "taking it back later is only a request",
        (LossKind.Delete, _) => "it cannot be taken back once it has left",
        (LossKind.Receipt, LossDegree.Changed) => "you learn that it was read only if the other side chooses to say so",
        (LossKind.Receipt, _) => "you do not learn when it is read",
        (LossKind.Expiry, LossDegree.Changed) => "that it expires is said, but nothing there removes it",
        (LossKind.Expiry, _) => "it does not expire there",
        (LossKind.Size, LossDegree.Changed) => $"attachments beyond {Size(loss)} become links",
        (LossKind.Size, LossDegree.Lost) => $"attachments beyond {Size(loss)} are left out",
        (LossKind.Size, _) => $"the attachments are larger than what goes this way ({Size(loss)})",
        (LossKind.Formatting, LossDegree.Changed) => "the body arrives as HTML and plain text",
        (LossKind.Formatting, _) => "the body arrives as plain text",
        (LossKind.TypedAttachments, LossDegree.Changed) => "attachments arrive as plain files: decrypted, without previews",
        _ => "attachments do not arrive",
    };

    /// <summary>A value's name on the wire.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static string Size(Loss loss) => string.Create(CultureInfo.InvariantCulture, $"{loss.Limit >> 20} MiB");
}
