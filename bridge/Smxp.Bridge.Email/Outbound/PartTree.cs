using MimeKit;

namespace Smxp.Bridge.Email.Outbound;

/// <summary>Puts body and attachments together, with boundaries that are the same every time.</summary>
internal static class PartTree
{
    public static string Boundary(string messageId, string what) => $"=_{messageId}_{what}";

    public static MimeEntity Build(string messageId, MimeEntity body, IReadOnlyList<MimePart> attachments)
    {
        var shown = attachments.Where(static part => part.ContentId is not null).ToList();
        if (shown.Count > 0)
        {
            var related = new MultipartRelated { Boundary = Boundary(messageId, "related") };
            related.Add(body);
            foreach (var part in shown) related.Add(part);
            body = related;
        }

        if (shown.Count == attachments.Count) return body;
        var mixed = new Multipart("mixed") { Boundary = Boundary(messageId, "mixed") };
        mixed.Add(body);
        foreach (var part in attachments.Where(static part => part.ContentId is null)) mixed.Add(part);
        return mixed;
    }
}
